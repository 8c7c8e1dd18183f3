/*
 * The certificate as it will look, before it is confirmed (S18): a picture
 * marked as a preview.  A help only: where there is none, the page does
 * without.
 * Depends on api.js, dom.js, text.js, dialog.js.
 */

import { getPreview } from '../api.js';
import { fill, h } from '../dom.js';
import { t } from '../text.js';
import { modal } from './dialog.js';

/* As large as the screen allows. */
function enlarge(url) {
    const { dialog } = modal(t('preview'), [
        h('div', { class: 'dialog-body' }, h('img', { src: url, alt: t('preview_alt') })),
        h('div', { class: 'buttons' }, h('button', {
            type: 'button', class: 'button main', onclick: () => dialog.close()
        }, t('close')))
    ], { wide: true, kind: 'dialog-preview' });

    dialog.querySelector('button').focus();
}

export class Preview {
    constructor(signal) {
        this.signal = signal;
        this.element = h('figure', { class: 'preview', hidden: true });
        signal.addEventListener('abort', () => this.release());
    }

    release() {
        if (this.url) {
            URL.revokeObjectURL(this.url);
            this.url = null;
        }
    }

    hide() {
        this.element.hidden = true;
        this.asked = null;
    }

    /* "layout" as in Layouts; the last call wins. */
    async show(layout) {
        const asked = {};

        this.asked = asked;

        try {
            const { blob } = await getPreview(layout, this.signal);

            if (this.asked !== asked || this.signal.aborted) {
                return;
            }

            this.release();
            this.url = URL.createObjectURL(blob);
            fill(this.element, h('button', {
                type: 'button', class: 'preview-open', 'aria-label': t('preview_open'),
                onclick: () => enlarge(this.url)
            }, h('img', { src: this.url, alt: t('preview_alt') })),
            h('figcaption', {}, t('preview')));
            this.element.hidden = false;
        } catch {
            if (this.asked === asked) {
                this.hide();
            }
        }
    }
}
