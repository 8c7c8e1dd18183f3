/*
 * Prompts on the browser's own <dialog>: focus goes in, Esc closes, focus
 * comes back to where it was.  Every prompt carries the hot line.
 * Depends on dom.js, hotline.js, text.js.
 */

import { h, id } from '../dom.js';
import { t } from '../text.js';
import { hotline } from './hotline.js';

/* Shows the element as a modal dialog until closed; answers its value. */
export function modal(title, content, { wide = false, kind = '' } = {}) {
    const heading = id('dialog');
    const dialog = h('dialog', {
        class: `dialog ${wide ? 'dialog-wide' : ''} ${kind}`, 'aria-labelledby': heading
    },
    h('h2', { id: heading, class: 'dialog-title', tabindex: '-1' }, title),
    content, h('p', { class: 'dialog-hotline' }, hotline()));
    const from = document.activeElement;

    document.body.append(dialog);

    const closed = new Promise((resolve) => {
        dialog.addEventListener('close', () => {
            dialog.remove();

            if (from?.isConnected) {
                from.focus();
            }

            resolve(dialog.returnValue);
        });
    });

    dialog.showModal();

    return { dialog, closed };
}

/*
 * A prompt with its buttons; answers the value of the one pressed, '' for
 * Esc.  The first button is the main one and has the focus.
 */
export function prompt({ title = t('prompt'), body, buttons = [['ok', t('ok')]], kind = '' }) {
    const row = h('div', { class: 'buttons' }, buttons.map(([value, words], i) =>
        h('button', { type: 'button', class: i ? 'button quiet' : 'button main', value },
            words)));
    const { dialog, closed } = modal(title, [h('div', { class: 'dialog-body' }, body), row],
        { kind });

    row.addEventListener('click', (event) => {
        const button = event.target.closest('button');

        if (button) {
            dialog.close(button.value);
        }
    });
    row.firstElementChild.focus();

    return closed;
}
