/*
 * WCAG 2.2.1: two minutes before the session ends a dialog says so, with the
 * time that is left, and one press goes on.  Shared by site and desk.
 * Depends on api.js, dialog.js, dom.js, problem.js, session.js, text.js,
 * countdown.js.
 */

import { getSession } from '../api.js';
import { h } from '../dom.js';
import { beginSession, sessionEnd, sessionEvents } from '../session.js';
import { t } from '../text.js';
import { countdown } from './countdown.js';
import { modal } from './dialog.js';
import { promptProblem } from './problem.js';

let open = null;

/* The words with the clock in the place of {time}. */
function lead(key, clock) {
    const [before, behind] = t(key).split('{time}');

    return h('p', { class: 'lead' }, before, clock, behind);
}

function content(final, time, close) {
    const button = (value, words, kind) => h('button', {
        type: 'button', class: `button ${kind}`, onclick: () => close(value)
    }, words);

    return [
        h('div', { class: 'dialog-body' },
            lead(final ? 'ends_final_more' : 'ends_soon_more', time.clock),
            h('p', { class: 'aside' }, t(final ? 'ends_final_then' : 'ends_soon_then')), time.said),
        h('div', { class: 'buttons' },
            button('stay', t(final ? 'ok' : 'stay'), 'main'),
            button('leave', t('log_out'), 'quiet'))
    ];
}

/* Answers 'stay' (Esc too), 'leave', or '' where the page closed it. */
async function ask(final) {
    const time = countdown(sessionEnd());
    const { dialog, closed } = modal(t(final ? 'ends_final' : 'ends_soon'),
        content(final, time, (value) => dialog.close(value)), { kind: 'dialog-ending' });

    dialog.addEventListener('cancel', () => { dialog.returnValue = 'stay'; });
    dialog.querySelector('button').focus();
    open = dialog;

    const pressed = await closed;

    time.stop();
    open = null;

    return pressed;
}

async function extend() {
    try {
        beginSession(await getSession());
    } catch (problem) {
        promptProblem(problem);
    }
}

/*
 * From now on: "leave" logs out; "over" is what the page does when the time
 * has run out, or when another tab ended the session.
 */
export function watchEnding({ leave, over }) {
    sessionEvents.addEventListener('warn', async ({ detail: { final } }) => {
        const pressed = await ask(final);

        if (pressed === 'leave') {
            leave();
        } else if (pressed === 'stay' && !final) {
            extend();
        }
    });
    sessionEvents.addEventListener('calm', () => open?.close(''));
    sessionEvents.addEventListener('end', over);
}
