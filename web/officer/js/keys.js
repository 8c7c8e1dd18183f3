/*
 * Shortcuts of one key.  They are off while something is typed or a prompt
 * is open, a held key counts once, and the officer can switch them off.
 * Depends on /js/keep.js.
 */

import { keep, recall } from '/js/keep.js';

const TYPED = 'input:not([type=checkbox]):not([type=radio]):not([type=file]), select, textarea';
const NOTE = 'desk-keys';

export const keysOn = () => recall(NOTE) !== 'off';

export function switchKeys(on) {
    keep(NOTE, on ? 'on' : 'off');
}

/* "a", "7", "Escape" ...; '' where the key is not for us.  An input method
 * hides the letter: then the key's place on the keyboard tells it. */
function nameOf(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat
        || document.querySelector('dialog[open]')) {
        return '';
    }

    if (event.target.closest?.(TYPED)) {
        return event.key === 'Escape' && !event.isComposing ? 'Escape' : '';
    }

    const place = /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(event.code);

    return event.key.length > 1 && place ? place[1].toLowerCase() : event.key.toLowerCase();
}

/* "table" gives the function of a key: { a: () => ... }; until the signal. */
export function listenKeys(signal, table) {
    document.addEventListener('keydown', (event) => {
        const name = nameOf(event);
        const run = table[name === 'escape' ? 'Escape' : name];

        if (run && (keysOn() || name === 'escape' || name === 'Escape')) {
            event.preventDefault();
            run();
        }
    }, { signal });
}
