/*
 * What failed, in words, always with the hot line: as a prompt, as a notice
 * in the page, or instead of the page with a way to try again.
 * Depends on dialog.js, dom.js, hotline.js, text.js.
 */

import { fill, h } from '../dom.js';
import { has, pick, t } from '../text.js';
import { prompt } from './dialog.js';
import { hotline, withPhones } from './hotline.js';

/* The words of one error of the service, or ours for what nginx said. */
export function wordsOf(error) {
    const key = `problem_${error.code}`;

    return pick(error, 'detail') || t(has(key) ? key : 'problem_service_busy');
}

export function paragraphs(errors) {
    return errors.map((error) => h('p', {}, withPhones(wordsOf(error))));
}

export function listOf(errors) {
    return errors.length === 1
        ? paragraphs(errors)
        : h('ul', {}, errors.map((error) => h('li', {}, withPhones(wordsOf(error)))));
}

/* The first two lead to another page, which says why; the third was asked
 * for in a dialog (confirm.js), and who closed it knows. */
const LEADS = ['session_expired', 'password_expired', 'reauth_needed'];

export async function promptProblem(problem) {
    if (!LEADS.includes(problem.code)) {
        await prompt({ body: listOf(problem.errors), kind: 'dialog-bad' });
    }
}

/* A notice of a kind: bad, good, warn, info. */
export function notice(kind, ...content) {
    return h('div', { class: `notice ${kind}`, role: kind === 'bad' ? 'alert' : 'status' },
        content, kind === 'bad' ? h('p', { class: 'notice-hotline' }, hotline()) : null);
}

/* Fills the page with the failure; nothing when the page was left. */
export function failPage(root, signal, problem, again) {
    if (signal.aborted || LEADS.includes(problem.code)) {
        return;
    }

    fill(root,
        h('h1', { tabindex: '-1' }, t('page_failed')),
        notice('bad', listOf(problem.errors || [{ code: 'service_busy' }])),
        h('p', {}, h('button', { type: 'button', class: 'button main', onclick: again },
            t('retry'))));
}
