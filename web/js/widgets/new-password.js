/*
 * A new password: how strong it is while it is typed, and which of the
 * institute's rules it meets (GET site, "password").  The service knows more:
 * common passwords, those used before.
 * Depends on dom.js, entry.js, site.js, strength.js, text.js.
 */

import { h, id } from '../dom.js';
import { site } from '../site.js';
import { MAX_LEVEL, classesOf, lengthOf, levelOf } from '../strength.js';
import { t } from '../text.js';
import { passwordEntry } from './entry.js';

const CLASSES_WANTED = 3;
const SAY_MS = 900;

function rules() {
    const { min, profile } = site().password;

    return [
        { words: t('rule_length', { n: min }), met: (text) => lengthOf(text) >= min },
        profile === 'djcp'
            ? { words: t('rule_classes'), met: (text) => classesOf(text) >= CLASSES_WANTED } : null
    ].filter(Boolean).map((rule) => ({
        ...rule,
        mark: h('span', { class: 'unseen' }, t('rule_open')),
        item: h('li', {})
    }));
}

/*
 * As entry() answers.  "own" gives the words of this person that are no
 * password: number, name.
 */
export function newPasswordEntry(words, own = () => []) {
    const wanted = rules();
    const word = h('strong', {});
    const meter = h('div', { class: 'meter', 'aria-hidden': 'true', 'data-level': '0' },
        Array.from({ length: MAX_LEVEL }, () => h('span', {})));
    const said = h('p', { class: 'unseen', role: 'status' });
    let timer = 0;

    wanted.forEach(({ item, mark, words: text }) => item.append(mark, text));

    const below = h('div', { class: 'strength', id: id('strength') },
        h('p', { class: 'strength-line' }, meter, h('span', { class: 'aside' }, t('strength'), t('colon')),
            word),
        h('ul', { class: 'password-rules' }, wanted.map(({ item }) => item),
            ['rule_personal', 'rule_common'].map((key) => h('li', { class: 'stated' }, t(key)))));
    const row = passwordEntry('password', words, 'new-password', { below });

    function draw() {
        const text = row.value();
        const open = wanted.filter(({ met }) => !met(text));
        const level = open.length ? Math.min(1, lengthOf(text)) : levelOf(text, own());

        meter.dataset.level = level;
        word.textContent = t(`strength_${level}`);

        for (const rule of wanted) {
            const met = !open.includes(rule);

            rule.item.classList.toggle('met', met);
            rule.mark.textContent = t(met ? 'rule_met' : 'rule_open');
        }

        return [level, open];
    }

    /* Said after a pause, not at each key. */
    row.input.addEventListener('input', () => {
        const [level, open] = draw();

        clearTimeout(timer);
        timer = setTimeout(() => {
            said.textContent = row.empty() ? '' : [t('strength') + t('colon') + t(`strength_${level}`),
                ...open.map((rule) => t('rule_still', { rule: rule.words }))].join(t('sentence'));
        }, SAY_MS);
    });
    draw();
    row.element.append(said);
    row.lacks = () => wanted.filter(({ met }) => !met(row.value())).map((rule) =>
        t('rule_still', { rule: rule.words }));

    return row;
}
