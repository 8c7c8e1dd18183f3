/*
 * The certificate as it will look, before it is confirmed (S18): a picture
 * marked as a preview.  A help only: where there is none, the page does
 * without.
 * Depends on api.js, dom.js, text.js.
 */

import { getPreview } from '../api.js';
import { fill, h } from '../dom.js';
import { t } from '../text.js';

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
            fill(this.element, h('img', { src: this.url, alt: t('preview_alt') }),
                h('figcaption', {}, t('preview')));
            this.element.hidden = false;
        } catch {
            if (this.asked === asked) {
                this.hide();
            }
        }
    }
}
