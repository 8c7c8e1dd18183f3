/*
 * A way back into an account while its pages change.  What the visitor typed
 * is in memory only; the challenge that waits for its code is kept for this
 * tab, because a phone may drop the page while the message is read.
 * Depends on nothing.
 */

const NOTE = 'membercert.recovery';

let typed = {};
let pending = null;

/* What was typed so far: { user_type, member_no, name, id_number, channel }. */
export const typedValues = () => typed;

export function keepTyped(values) {
    typed = values;
}

/* { kind, recovery, length, until, again, channel } or null; times in ms of
 * this device, "again" the earliest to ask for another one. */
export function pendingRecovery() {
    if (!pending) {
        try {
            pending = JSON.parse(sessionStorage.getItem(NOTE));
        } catch {
            pending = null;
        }
    }

    return pending;
}

export function keepPending(value) {
    pending = value;

    try {
        sessionStorage.setItem(NOTE, JSON.stringify(value));
    } catch {
        /* storage is off: it lives as long as the page */
    }
}

export function dropRecovery() {
    typed = {};
    pending = null;

    try {
        sessionStorage.removeItem(NOTE);
    } catch {
        /* nothing was stored */
    }
}
