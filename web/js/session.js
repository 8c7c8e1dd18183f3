/*
 * Who is logged in.  The cookie is the session and no script can read it;
 * a note in the browser's storage only spares a request that would be
 * refused.  Says before the session ends that it will.
 * Depends on api.js, keep.js.
 */

import { events, getSession, logIn, logOut } from './api.js';
import { forget, keep, recall } from './keep.js';

const WARN_MS = 120000;
const NOTE = 'session';

let who = null;
let idleMs = 0;
let clockDate = NaN;
let timer = 0;
let onWarn = () => {};

export const session = () => who;

function begin(answer) {
    const now = Number.isNaN(clockDate) ? Date.now() : clockDate;

    who = { name: answer.name, member_no: answer.member_no };
    idleMs = Math.max(0, answer.idle_ends - now);
    keep(NOTE, '1');
    watch();
}

export function endSession() {
    who = null;
    clearTimeout(timer);
    forget(NOTE);
}

/* Each answer moves the idle end on. */
function watch() {
    clearTimeout(timer);

    if (who && idleMs > WARN_MS) {
        timer = setTimeout(() => onWarn(), idleMs - WARN_MS);
    }
}

events.addEventListener('answer', (event) => {
    clockDate = event.detail.date;
    watch();
});

export function warnBefore(handler) {
    onWarn = handler;
}

export async function resumeSession() {
    if (recall(NOTE)) {
        begin(await getSession());
    }
}

export async function openSession(values) {
    begin(await logIn(values));
}

export async function closeSession() {
    try {
        await logOut();
    } finally {
        endSession();
    }
}
