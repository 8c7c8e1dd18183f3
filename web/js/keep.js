/*
 * Small notes that outlive the page, in local storage where the browser
 * allows it, else for this page only.  Nothing personal is kept.
 * Depends on nothing.
 */

const PREFIX = 'membercert.';
const here = new Map();

export function recall(key) {
    try {
        return localStorage.getItem(PREFIX + key) ?? here.get(key) ?? null;
    } catch {
        return here.get(key) ?? null;
    }
}

export function keep(key, value) {
    here.set(key, value);

    try {
        localStorage.setItem(PREFIX + key, value);
    } catch {
        /* storage is off: "here" serves until the page is left */
    }
}

export function forget(key) {
    here.delete(key);

    try {
        localStorage.removeItem(PREFIX + key);
    } catch {
        /* nothing was stored */
    }
}

/* "handler" hears that another tab kept or forgot something under "key". */
export function watchKept(key, handler) {
    addEventListener('storage', (event) => {
        if (event.key === PREFIX + key) {
            here.delete(key);
            handler(event.newValue);
        }
    });
}
