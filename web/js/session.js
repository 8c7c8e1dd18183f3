/*
 * Who is logged in, and until when.  The cookie is the session and no script
 * can read it; a note in the browser's storage spares a request that would
 * be refused and lets all tabs agree about the end.  Tells on sessionEvents:
 *   warn   it ends soon (detail.final: nothing can put that off)
 *   calm   it does not end soon any more: here or in another tab
 *   end    its time is over
 *   gone   another tab logged out, or somebody else in
 *   came   another tab logged in, and nobody was logged in here
 * Depends on api.js, keep.js.
 */

import { BASE, events, getSession, logIn, logOut } from './api.js';
import { forget, keep, recall, watchKept } from './keep.js';

const WARN_MS = 120000;
const NOTE = BASE === '/api/' ? 'session' : `session ${BASE}`;

/* Routes that need no session: their answers move no end on. */
const OPEN = /^(site|captcha|recovery|activation)\b/;

export const sessionEvents = new EventTarget();

let who = null;
let mark = '';          // the log-in this is, for other tabs
let idleMs = 0;
let idleAt = Infinity;  // this device's clock, as endsAt
let endsAt = Infinity;
let clockDate = NaN;
let warned = false;
let timer = 0;

export const session = () => who;

/* When it ends unless something is done; ms of this device's clock. */
export const sessionEnd = () => Math.min(idleAt, endsAt);

const tell = (name, detail) => sessionEvents.dispatchEvent(new CustomEvent(name, { detail }));

function noted() {
    const [sign, idle, ends] = (recall(NOTE) || '').split(' ');

    return ends ? { sign, idle: Number(idle), ends: Number(ends) } : null;
}

const note = () => keep(NOTE, `${mark} ${Math.round(idleAt)} ${endsAt}`);

/* What is to come: the warning, then the end. */
function watch() {
    clearTimeout(timer);

    if (!who) {
        return;
    }

    const seen = noted();

    idleAt = seen?.sign === mark ? Math.max(idleAt, seen.idle) : idleAt;

    const left = sessionEnd() - Date.now();
    const early = Math.min(WARN_MS, idleMs / 2);

    if (left <= 0) {
        tell('end');
        return;
    }

    if (warned !== left <= early) {
        warned = !warned;
        tell(warned ? 'warn' : 'calm', { final: endsAt <= idleAt });
    }

    timer = setTimeout(watch, warned ? left : left - early);
}

/*
 * "answer" is what logging in, or asking who is logged in, gave; "fresh"
 * where somebody has just logged in.
 */
export function beginSession(answer, fresh = false) {
    const now = Number.isNaN(clockDate) ? Date.now() : clockDate;
    const before = noted();

    mark = (!fresh && (who ? mark : before?.sign)) || Math.random().toString(36).slice(2);
    who = answer;
    idleMs = Math.max(0, answer.idle_ends - now);
    idleAt = Date.now() + idleMs;
    endsAt = Math.round(Date.now() + answer.ends - now) || Infinity;
    note();
    watch();
}

export function endSession() {
    who = null;
    warned = false;
    clearTimeout(timer);
    forget(NOTE);
}

/* Each answer moves the idle end on; the last end stays where it is. */
events.addEventListener('answer', ({ detail: { path, date } }) => {
    clockDate = date;

    if (who && !OPEN.test(path)) {
        idleAt = Date.now() + idleMs;
        note();
        watch();
    }
});

watchKept(NOTE, () => {
    const seen = noted();

    if (!who) {
        if (seen) {
            tell('came');
        }
    } else if (seen?.sign !== mark) {
        tell('gone', { other: Boolean(seen) });
    } else {
        endsAt = seen.ends;
        watch();
    }
});

/* A device that slept, a tab that was hidden: its timers were too. */
document.addEventListener('visibilitychange', watch);

export async function resumeSession() {
    if (recall(NOTE)) {
        beginSession(await getSession());
    }
}

export async function openSession(values) {
    beginSession(await logIn(values), true);
}

export async function closeSession() {
    try {
        await logOut();
    } finally {
        endSession();
    }
}
