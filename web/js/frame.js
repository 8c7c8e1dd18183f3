/*
 * What stands around every page: the institute's name, the language switch,
 * who is logged in, the menu 基本情况 with its items, the footer.
 * Depends on dom.js, hotline.js, session.js, site.js, text.js.
 */

import { fill, h } from './dom.js';
import { session } from './session.js';
import { site } from './site.js';
import { currentLanguage, pick, t } from './text.js';
import { hotline } from './widgets/hotline.js';

const part = (name) => document.getElementById(name);

export function brand() {
    const other = currentLanguage() === 'en' ? site().issuer : site().issuer_en;

    return h('a', { class: 'brand', href: '#/' },
        h('img', { class: 'brand-mark', src: '/img/emblem.svg', alt: '', width: 44, height: 44 }),
        h('span', { class: 'brand-text' },
            h('strong', { class: 'brand-name' }, pick(site(), 'issuer') || t('product')),
            other ? h('span', { class: 'brand-other' }, other) : null));
}

function drawHeader({ onLanguage, onLogOut }) {
    const who = session();
    const other = currentLanguage() === 'en' ? 'zh' : 'en';

    fill(part('header'), h('div', { class: 'header-row' }, brand(),
        h('div', { class: 'header-side' },
            who ? h('span', { class: 'who' }, h('strong', {}, who.name),
                ' ', h('span', { class: 'who-no' }, who.member_no)) : null,
            who ? h('button', { type: 'button', class: 'plain', id: 'log-out', onclick: onLogOut },
                t('log_out')) : null,
            h('button', {
                type: 'button', class: 'plain language', lang: other === 'en' ? 'en' : 'zh-CN',
                onclick: () => onLanguage(other)
            }, t('other_language')))));
}

function item(name, words, now) {
    return h('li', {}, h('a', {
        href: `#/${name}`, 'aria-current': name === now ? 'page' : null
    }, words));
}

function drawMenu(name) {
    const now = name === 'edit' ? 'profile' : name;

    part('menu').hidden = !session();
    part('menu').setAttribute('aria-label', t('menu'));
    fill(part('menu'), h('a', { class: 'menu-head', href: '#/certificate' }, t('basics')),
        h('ul', {}, item('certificate', t('certificate'), now),
            item('profile', t('profile'), now), item('account', t('account'), now)));
}

function footerLine({ text, url }) {
    return h('li', {}, url
        ? h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, text,
            h('span', { class: 'aside' }, t('new_window')))
        : text);
}

export function drawFooter() {
    const { footer, privacy } = site();

    fill(part('footer'),
        h('p', { class: 'footer-hotline' }, hotline()),
        h('ul', {},
            privacy ? h('li', {}, h('a', { href: privacy.url }, t('privacy'))) : null,
            footer.map(footerLine),
            site().issuer ? h('li', {}, pick(site(), 'issuer')) : null));
}

/* "row" is the page's row of the route table. */
export function drawFrame(name, row, handlers) {
    document.title = [t(row.title), pick(site(), 'issuer') || t('product')].join(' - ');
    document.body.dataset.page = name;
    part('skip').textContent = t('skip');
    drawHeader(handlers);
    drawMenu(name);
    drawFooter();
}
