/*
 * Who is logged in.  The cookie is the session and no script can read it;
 * a note in the browser's storage only spares a request that would be
 * refused.  Says before the session ends that it will.
 * Depends on api.js, keep.js.
 */

import { BASE, events, getSession, logIn, logOut } from './api.js';
import { forget, keep, recall } from './keep.js';

const WARN_MS = 120000;
const NOTE = BASE === '/api/' ? 'session' : `session ${BASE}`;

let who = null;
let idleMs = 0;
let endsAt = Infinity;
let clockDate = NaN;
let timer = 0;
let onWarn = () => {};

export const session = () => who;

/* "answer" is what logging in, or asking who is logged in, gave. */
export function beginSession(answer) {
    const now = Number.isNaN(clockDate) ? Date.now() : clockDate;

    who = answer;
    idleMs = Math.max(0, answer.idle_ends - now);
    endsAt = Date.now() + answer.ends - now || Infinity;
    keep(NOTE, '1');
    watch();
}

export function endSession() {
    who = null;
    clearTimeout(timer);
    forget(NOTE);
}

/* Each answer moves the idle end on; the last end stays where it is. */
function watch() {
    const lastMs = endsAt - Date.now();
    const leftMs = Math.min(idleMs, lastMs);

    clearTimeout(timer);

    if (who && leftMs > WARN_MS) {
        timer = setTimeout(() => onWarn(lastMs <= idleMs), leftMs - WARN_MS);
    }
}

events.addEventListener('answer', (event) => {
    clockDate = event.detail.date;
    watch();
});

/* "handler" is told whether nothing can put the end off. */
export function warnBefore(handler) {
    onWarn = handler;
}

export async function resumeSession() {
    if (recall(NOTE)) {
        beginSession(await getSession());
    }
}

export async function openSession(values) {
    beginSession(await logIn(values));
}

export async function closeSession() {
    try {
        await logOut();
    } finally {
        endSession();
    }
}
