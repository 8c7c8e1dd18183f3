/*
 * 上传照片: choose or drop a file, see the result of each rule, tick the
 * declaration and (once) the privacy notice, upload.
 * Depends on api.js, the other widgets, dom.js, site.js, text.js.
 */

import { checkPhoto, giveConsent, putPhoto } from '../api.js';
import { fill, h, id } from '../dom.js';
import { site } from '../site.js';
import { t } from '../text.js';
import { modal } from './dialog.js';
import { faultsOf, look, measuredOf, tooLargeToSend } from './picture.js';
import { notice, wordsOf } from './problem.js';
import { ruleOf, ruleTable, ruleWords } from './rules.js';

function tick(words) {
    const box = h('input', { type: 'checkbox', id: id('tick') });

    return { box, row: h('label', { class: 'check', for: box.id }, box, h('span', {}, words)) };
}

/* The file input is the button; the whole field takes a dropped file. */
function chooser(onFile) {
    const input = h('input', {
        type: 'file', accept: 'image/jpeg,.jpg,.jpeg', class: 'unseen', id: id('file'),
        onchange: () => input.files[0] && onFile(input.files[0])
    });
    const words = h('span', { class: 'button quiet' }, t('upload_choose'));
    const field = h('label', {
        class: 'drop', for: input.id,
        ondragover(event) {
            event.preventDefault();
            field.classList.add('over');
        },
        ondragleave: () => field.classList.remove('over'),
        ondrop(event) {
            event.preventDefault();
            field.classList.remove('over');

            if (event.dataTransfer.files[0]) {
                onFile(event.dataTransfer.files[0]);
            }
        }
    }, words, h('span', { class: 'aside drop-words' }, t('upload_drop')));

    return { input, field, chosen: () => { words.textContent = t('upload_other'); } };
}

/* A file refused at once was not looked at further: what the browser sees
 * besides is told as well. */
function withOurs(problem, ours) {
    const atOnce = problem.status === 413
        || problem.errors.some(({ code }) => code === 'photo_not_jpeg');
    const told = (fault) => problem.errors.some((error) => ruleOf(error) === ruleOf(fault));

    return [...problem.errors, ...(atOnce ? ours.filter((fault) => !told(fault)) : [])];
}

/* The faults of a file: the service's, or ours where it is not sent. */
async function check(file, seen) {
    if (tooLargeToSend(seen)) {
        return faultsOf(seen);
    }

    try {
        await checkPhoto(file);

        return [];
    } catch (problem) {
        if (![413, 415, 422].includes(problem.status)) {
            throw problem;
        }

        return withOurs(problem, faultsOf(seen));
    }
}

class Upload {
    constructor(needsConsent) {
        this.file = null;
        this.seen = null;
        this.turn = 0;
        this.chooser = chooser((file) => this.take(file));
        this.result = h('div', { class: 'upload-result', 'aria-live': 'polite' });
        this.said = h('div', { class: 'said' });
        this.declare = tick(t('upload_declare'));
        this.consent = needsConsent && site().privacy ? tick([t('upload_consent'), ' ',
            h('a', { href: site().privacy.url, target: '_blank', rel: 'noopener' },
                t('privacy'))]) : null;
        this.button = h('button', {
            type: 'button', class: 'button main', onclick: () => this.send()
        }, t('photo_upload'));
    }

    /* Resolves to the state after the upload, or null when closed. */
    async open() {
        const cancel = h('button', { type: 'button', class: 'button quiet' }, t('cancel'));
        const { dialog, closed } = modal(t('photo_upload'), [
            h('div', { class: 'dialog-body' }, ruleWords(), this.chooser.input,
                this.chooser.field, this.result, this.said,
                h('div', { class: 'ticks' }, this.declare.row, this.consent?.row || [])),
            h('div', { class: 'buttons' }, this.button, cancel)
        ], { wide: true });

        this.dialog = dialog;
        this.answer = null;
        cancel.addEventListener('click', () => dialog.close());
        this.chooser.input.focus();
        await closed;
        this.release();

        return this.answer;
    }

    release() {
        if (this.seen) {
            URL.revokeObjectURL(this.seen.url);
        }
    }

    async take(file) {
        const turn = ++this.turn;

        this.file = null;
        this.chooser.chosen();
        this.chooser.input.value = '';
        fill(this.said);
        fill(this.result, h('p', { class: 'aside' }, t('upload_checking')));

        try {
            const seen = await look(file);
            const faults = await check(file, seen);

            if (turn !== this.turn) {
                URL.revokeObjectURL(seen.url);
                return;
            }

            this.release();
            this.seen = seen;
            this.file = faults.length ? null : file;
            this.show(faults);
        } catch (problem) {
            if (turn === this.turn) {
                fill(this.result);
                this.fail(problem.errors || [{ code: 'network' }]);
            }
        }
    }

    show(faults) {
        fill(this.result,
            h('p', { class: faults.length ? 'verdict bad' : 'verdict good' }, faults.length
                ? t('upload_bad', { n: faults.length }) : t('upload_good')),
            h('div', { class: 'upload-seen' },
                this.seen.pixels ? h('img', { src: this.seen.url, alt: t('upload_preview') }) : null,
                ruleTable(faults, measuredOf(this.seen))));
        this.result.scrollIntoView({ block: 'nearest' });
    }

    fail(errors) {
        fill(this.said, notice('bad', errors.map((error) => h('p', {}, wordsOf(error)))));
        this.said.scrollIntoView({ block: 'nearest' });
    }

    /* What is still to be done, beside the button; null: nothing. */
    lacks() {
        const steps = [
            [this.file, 'need_file', this.chooser.input],
            [this.declare.box.checked, 'need_declare', this.declare.box],
            [!this.consent || this.consent.box.checked, 'need_consent', this.consent?.box]
        ];

        return steps.find(([done]) => !done) || null;
    }

    async send() {
        const lack = this.lacks();

        if (lack) {
            this.fail([{ detail: t(lack[1]) }]);
            lack[2].focus({ preventScroll: true });
            return;
        }

        this.button.disabled = true;
        this.button.textContent = t('upload_sending');
        fill(this.said);

        try {
            if (this.consent) {
                await giveConsent(site().privacy.version);
                this.consent.row.remove();
                this.consent = null;
            }

            this.answer = await putPhoto(this.file);
            this.dialog.close();
        } catch (problem) {
            this.fail(problem.errors);
        } finally {
            this.button.disabled = false;
            this.button.textContent = t('photo_upload');
        }
    }
}

export function upload(needsConsent) {
    return new Upload(needsConsent).open();
}
