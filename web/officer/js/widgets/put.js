/*
 * A photo the officer has verified, uploaded for the member (X08): what for,
 * the file, the tick that person and document were checked; all faults at
 * once, in the table members see.
 * Depends on api.js, the site's dom.js, text.js, widgets.
 */

import { fill, h, id } from '/js/dom.js';
import { t } from '/js/text.js';
import { modal } from '/js/widgets/dialog.js';
import { faultsOf, look, measuredOf } from '/js/widgets/picture.js';
import { listOf, notice } from '/js/widgets/problem.js';
import { ruleTable, ruleWords } from '/js/widgets/rules.js';
import { putPhoto } from '../api.js';

function choice(name, words, attributes) {
    const input = h('input', { id: id('use'), name, ...attributes });

    return { input, row: h('label', { class: 'check', for: input.id }, input, h('span', {}, words)) };
}

class Put {
    constructor(member) {
        this.member = member;
        this.file = h('input', {
            type: 'file', accept: 'image/jpeg,.jpg,.jpeg', id: id('file'), class: 'file-input',
            onchange: () => this.take()
        });
        this.current = choice('use', t('put_current'), { type: 'radio', checked: true });
        this.reference = choice('use', t('put_reference'), { type: 'radio' });
        this.checked = choice('checked', t('put_checked'), { type: 'checkbox' });
        this.result = h('div', { class: 'upload-result', 'aria-live': 'polite' });
        this.said = h('div', { class: 'said' });
        this.button = h('button', {
            type: 'button', class: 'button main', onclick: () => this.send()
        }, t('put'));
    }

    /* Resolves to the member after the upload, or null when closed. */
    async open() {
        const cancel = h('button', { type: 'button', class: 'button quiet' }, t('cancel'));
        const { dialog, closed } = modal(t('put_title'), [
            h('div', { class: 'dialog-body' }, ruleWords(),
                h('fieldset', { class: 'uses' }, h('legend', {}, t('put_use')),
                    this.current.row, this.reference.row),
                h('div', { class: 'field' },
                    h('label', { for: this.file.id }, t('put_file')), this.file),
                this.result, this.said, this.checked.row),
            h('div', { class: 'buttons' }, this.button, cancel)
        ], { wide: true });

        this.dialog = dialog;
        this.answer = null;
        cancel.addEventListener('click', () => dialog.close());
        this.file.focus();
        await closed;
        this.release();

        return this.answer;
    }

    release() {
        if (this.seen) {
            URL.revokeObjectURL(this.seen.url);
            this.seen = null;
        }
    }

    async take() {
        const [file] = this.file.files;

        fill(this.said);
        fill(this.result);
        this.release();

        if (file) {
            this.seen = await look(file);
            this.show(faultsOf(this.seen), false);
        }
    }

    /* What is wrong with the file; the service's word is the one that counts. */
    show(faults, final) {
        fill(this.result,
            faults.length ? h('p', { class: 'verdict bad' }, t('put_faults')) : null,
            h('div', { class: 'upload-seen' },
                h('img', {
                    src: this.seen.url, alt: t('upload_preview'),
                    onerror: (event) => event.target.remove()
                }),
                faults.length || final ? ruleTable(faults, measuredOf(this.seen)) : null));
    }

    fail(content) {
        fill(this.said, notice('bad', content));
        this.said.scrollIntoView({ block: 'nearest' });
    }

    lacks() {
        const steps = [[this.file.files.length, 'put_need_file', this.file],
            [this.checked.input.checked, 'put_need_checked', this.checked.input]];

        return steps.find(([done]) => !done) || null;
    }

    async send() {
        const lack = this.lacks();

        if (lack) {
            this.fail(h('p', {}, t(lack[1])));
            lack[2].focus({ preventScroll: true });
            return;
        }

        this.button.disabled = true;
        fill(this.said);

        try {
            this.answer = await putPhoto(this.member, this.file.files[0],
                this.reference.input.checked);
            this.dialog.close();
        } catch (problem) {
            if ([413, 422].includes(problem.status)) {
                this.show(problem.errors, true);
            } else {
                this.fail(listOf(problem.errors));
            }
        } finally {
            this.button.disabled = false;
        }
    }
}

export const put = (member) => new Put(member).open();
