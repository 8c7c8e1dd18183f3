/*
 * Where the photo comes from: a file or a drop on a computer; on a phone
 * 拍照 / 从手机相册选择 / 取消 (1.2-7).
 * Depends on dialog.js, dom.js, text.js.
 */

import { h, id } from '../dom.js';
import { t } from '../text.js';
import { modal } from './dialog.js';

const isPhone = () => matchMedia('(hover: none) and (pointer: coarse)').matches;

/* The input is pressed within the tap, or the browser would not open it. */
function sheet(input) {
    const close = () => shown.dialog.close();
    const source = (key, capture) => h('button', {
        type: 'button', class: 'button quiet', onclick() {
            input.toggleAttribute('capture', capture);

            if (capture) {
                input.setAttribute('capture', 'user');
            }

            input.click();
            close();
        }
    }, t(key));
    const shown = modal(t('source'), h('div', { class: 'dialog-body choices' },
        source('source_camera', true), source('source_album', false),
        h('button', { type: 'button', class: 'button plain', onclick: close }, t('cancel'))),
    { kind: 'dialog-sheet' });
}

export class Chooser {
    constructor(onFile) {
        const phone = isPhone();

        this.input = h('input', {
            type: 'file', accept: 'image/*,.heic,.heif', class: 'unseen', id: id('file'),
            tabindex: phone ? '-1' : false, 'aria-hidden': phone ? 'true' : false,
            onchange: () => this.input.files[0] && onFile(this.input.files[0])
        });
        this.words = phone
            ? h('button', {
                type: 'button', class: 'button quiet', onclick: () => sheet(this.input)
            }, t('upload_choose_phone'))
            : h('span', { class: 'button quiet' }, t('upload_choose'));
        this.aside = h('span', { class: 'aside drop-words' },
            t(phone ? 'upload_phone' : 'upload_drop'));
        this.field = phone
            ? h('div', { class: 'drop' }, this.words, this.aside)
            : this.dropField(onFile);
    }

    /* What takes the focus. */
    get target() {
        return this.words.matches('button') ? this.words : this.input;
    }

    dropField(onFile) {
        const over = (event) => {
            event.preventDefault();
            this.field.classList.toggle('over', event.type === 'dragover');
        };

        return h('label', {
            class: 'drop', for: this.input.id, ondragover: over, ondragleave: over,
            ondrop(event) {
                over(event);

                if (event.dataTransfer.files[0]) {
                    onFile(event.dataTransfer.files[0]);
                }
            }
        }, this.words, this.aside);
    }

    /* A file was chosen: the way to another one takes less room. */
    chosen(name) {
        this.words.textContent = t('upload_other');
        this.aside.textContent = name;
        this.field.classList.add('small');
        this.input.value = '';
    }
}
