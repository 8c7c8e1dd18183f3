/*
 * The frame of the check page: the institute's name, the language switch,
 * the hot line.
 * Depends on text.js, the site's api.js, dom.js, phone.js.
 */

import { getSite } from '/js/api.js';
import { fill, h } from '/js/dom.js';
import { phone } from '/js/widgets/phone.js';
import { currentLanguage, pick, t } from './text.js';

const part = (name) => document.getElementById(name);

let site = {};

/* What the institute set; nothing else is drawn anew, as it may be in use. */
function drawSite() {
    part('header').querySelector('.brand-name').textContent = pick(site, 'issuer') || t('product');
    fill(part('footer'), h('p', { class: 'footer-hotline' }, t('hotline'),
        h('span', { class: 'hotline' }, phone(site.hotline || part('footer').dataset.hotline))));
}

/* Quietly without it where the service does not answer. */
export async function loadSite() {
    site = await getSite().catch(() => site);
    drawSite();
}

export function drawFrame(onLanguage) {
    const other = currentLanguage() === 'en' ? 'zh' : 'en';

    part('skip').textContent = t('skip');
    fill(part('header'), h('div', { class: 'header-row' },
        h('span', { class: 'brand' },
            h('img', { class: 'brand-mark', src: '/img/emblem.svg', alt: '', width: 44, height: 44 }),
            h('strong', { class: 'brand-name' })),
        h('button', {
            type: 'button', class: 'plain language', lang: other === 'en' ? 'en' : 'zh-CN',
            onclick: () => onLanguage(other)
        }, t('other_language'))));
    drawSite();
}
