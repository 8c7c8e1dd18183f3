/*
 * What stands around the desk's pages: the institute, the two places of the
 * desk, who is at it, the language switch, log-out, hot line.
 * Depends on desk.js, the site's dom.js, frame.js, session.js, text.js.
 */

import { fill, h } from '/js/dom.js';
import { brand, drawFooter } from '/js/frame.js';
import { session } from '/js/session.js';
import { currentLanguage, pick, t } from '/js/text.js';

const part = (name) => document.getElementById(name);

function place(name, now) {
    return h('li', {}, h('a', {
        href: `#/${name}`, 'aria-current': name === now ? 'page' : null
    }, t(name)));
}

function who({ name, institute }) {
    return h('span', { class: 'who' }, h('strong', {}, name),
        h('span', { class: 'who-where' }, institute ? pick(institute, 'name') : t('all_institutes')));
}

/* "row" is the page's row of the route table. */
export function drawFrame(name, row, { onLanguage, onLogOut }) {
    const officer = session();
    const other = currentLanguage() === 'en' ? 'zh' : 'en';

    document.title = `${t(row.title)} - ${t('desk')}`;
    document.body.dataset.page = name;
    part('skip').textContent = t('skip');
    fill(part('header'), h('div', { class: 'header-row' }, brand(),
        officer ? h('nav', { class: 'places', 'aria-label': t('desk_menu') }, h('ul', {},
            place('queue', name), place('search', name === 'member' ? 'search' : name))) : null,
        h('div', { class: 'header-side' },
            officer ? who(officer) : null,
            officer ? h('button', {
                type: 'button', class: 'plain', id: 'log-out', onclick: onLogOut
            }, t('log_out')) : null,
            h('button', {
                type: 'button', class: 'plain language', lang: other === 'en' ? 'en' : 'zh-CN',
                onclick: () => onLanguage(other)
            }, t('other_language')))));
    drawFooter();
}
