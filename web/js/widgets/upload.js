/*
 * 上传照片: choose a picture; one that meets the rules is offered as it is,
 * any other goes to the helper; tick the declaration and (once) the privacy
 * notice, choose the way of comparison, upload.
 * Depends on api.js, fit/, the other widgets, dom.js, site.js, text.js.
 */

import { checkPhoto, giveConsent, putPhoto } from '../api.js';
import { fill, h, id } from '../dom.js';
import { Fitter } from '../fit/fitter.js';
import { openPicture, Unfit } from '../fit/open.js';
import { site } from '../site.js';
import { t } from '../text.js';
import { Chooser } from './chooser.js';
import { comparison } from './comparison.js';
import { modal } from './dialog.js';
import { faultsOf, look, measuredOf, notToSend } from './picture.js';
import { notice, wordsOf } from './problem.js';
import { ruleOf, ruleTable, ruleWords } from './rules.js';

function tick(words) {
    const box = h('input', { type: 'checkbox', id: id('tick') });

    return { box, row: h('label', { class: 'check', for: box.id }, box, h('span', {}, words)) };
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
    if (notToSend(seen)) {
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
    /* "member" is the answer of GET member. */
    constructor(member) {
        this.file = null;
        this.turn = 0;
        this.chooser = new Chooser((file) => this.take(file));
        this.rules = h('details', { class: 'rules-box', open: true },
            h('summary', {}, t('rules')), ruleWords());
        this.result = h('div', { class: 'upload-result', 'aria-live': 'polite' });
        this.place = h('div', {});
        this.said = h('div', { class: 'said' });
        this.declare = tick(t('upload_declare'));
        this.consent = !member.privacy_accepted && site().privacy ? tick([t('upload_consent'), ' ',
            h('a', { href: site().privacy.url, target: '_blank', rel: 'noopener' },
                t('privacy'))]) : null;
        this.comparison = comparison(member.compare_accepted);
        this.button = h('button', {
            type: 'button', class: 'button main', onclick: () => this.send()
        }, t('photo_upload'));
    }

    /* Resolves to the state after the upload, or null when closed. */
    async open() {
        const cancel = h('button', { type: 'button', class: 'button quiet' }, t('cancel'));
        const { dialog, closed } = modal(t('photo_upload'), [
            h('div', { class: 'dialog-body' }, this.rules, this.chooser.input,
                this.chooser.field, this.result, this.place, this.said,
                h('div', { class: 'ticks' }, this.declare.row, this.consent?.row || [],
                    this.comparison?.element || [])),
            h('div', { class: 'buttons' }, this.button, cancel)
        ], { wide: true });

        this.dialog = dialog;
        this.answer = null;
        cancel.addEventListener('click', () => dialog.close());
        this.chooser.target.focus();
        await closed;
        this.turn += 1;
        this.release();

        return this.answer;
    }

    release() {
        this.fitter?.release();
        this.fitter = null;
        this.file = null;

        if (this.seen) {
            URL.revokeObjectURL(this.seen.url);
            this.seen = null;
        }
    }

    async take(file) {
        const turn = ++this.turn;

        this.release();
        this.chooser.chosen(file.name);
        this.chooser.input.before(this.rules);
        this.rules.open = false;
        fill(this.said);
        fill(this.place);
        fill(this.result, h('p', { class: 'aside' }, t('upload_checking')));

        const seen = await look(file);

        try {
            const faults = await check(file, seen);
            const picture = faults.length && turn === this.turn
                ? await openPicture(file, seen, site().photo).catch((reason) => reason) : null;

            if (turn === this.turn) {
                this.seen = seen;
                this.show(file, faults, picture);
            } else {
                picture?.close?.();
                URL.revokeObjectURL(seen.url);
            }
        } catch (problem) {
            if (turn === this.turn) {
                fill(this.result);
                this.fail(problem.errors || [{ code: 'network' }]);
            }
        }
    }

    /* "picture": null where there are no faults, or why there is none. */
    show(file, faults, picture) {
        if (!picture) {
            this.showGood(file);
        } else if (picture instanceof Error) {
            this.showUnfit(faults, picture);
        } else {
            this.showFitter(file, faults, picture);
        }

        this.chooser.field.scrollIntoView({ block: 'start' });
    }

    showGood(file) {
        this.file = file;
        fill(this.result,
            h('p', { class: 'verdict good' }, t('upload_good')),
            h('div', { class: 'upload-seen' },
                h('div', { class: 'upload-asis' },
                    h('img', { src: this.seen.url, alt: t('upload_preview') }),
                    h('button', {
                        type: 'button', class: 'plain', onclick: () => this.cut(file)
                    }, t('upload_cut'))),
                ruleTable([], measuredOf(this.seen))));
    }

    showUnfit(faults, reason) {
        const [key, values] = reason instanceof Unfit
            ? [reason.key, reason.values] : ['unfit_broken', {}];

        fill(this.result,
            h('p', { class: 'verdict bad' }, t('upload_unfit')),
            notice('bad', h('p', { class: 'unfit' }, t(key, values))),
            this.seen.size ? ruleTable(faults, measuredOf(this.seen)) : null);
    }

    showFitter(file, faults, picture) {
        const original = faults.length ? h('details', { class: 'original' },
            h('summary', {}, t('upload_bad', { n: faults.length })),
            ruleTable(faults, measuredOf(this.seen))) : null;

        this.fitter = new Fitter(picture, { file, header: this.seen },
            [this.rules, original].filter(Boolean), (fitting) => { this.file = fitting; });
        fill(this.result);
        fill(this.place, this.fitter.element);
        this.fitter.stage.element.focus({ preventScroll: true });
    }

    /* One that could go as it is, to be cut all the same. */
    async cut(file) {
        const turn = ++this.turn;
        const picture = await openPicture(file, this.seen, site().photo)
            .catch((reason) => reason);

        if (turn === this.turn) {
            this.file = null;
            this.show(file, [], picture);
        }
    }

    fail(errors) {
        fill(this.said, notice('bad', errors.map((error) => h('p', {}, wordsOf(error)))));
        this.said.scrollIntoView({ block: 'nearest' });
    }

    /* What is still to be done, beside the button; null: nothing. */
    lacks() {
        const steps = [
            [this.file, this.fitter ? 'need_fit' : 'need_file',
                this.fitter?.stage.element || this.chooser.target],
            [this.declare.box.checked, 'need_declare', this.declare.box],
            [!this.consent || this.consent.box.checked, 'need_consent', this.consent?.box],
            [!this.comparison || this.comparison.made, 'need_compare',
                this.comparison?.agree.input]
        ];

        return steps.find(([done]) => !done) || null;
    }

    async send() {
        const lack = this.lacks();

        if (lack) {
            this.fail([{ detail: t(lack[1]) }]);
            lack[2].focus({ preventScroll: true });
            lack[2].closest('.ticks')?.scrollIntoView({ block: 'nearest' });
            return;
        }

        this.button.disabled = true;
        this.button.textContent = t('upload_sending');
        fill(this.said);

        try {
            if (this.consent) {
                await giveConsent('privacy', site().privacy.version, true);
                this.consent.row.remove();
                this.consent = null;
            }

            await this.comparison?.record();

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

export function upload(member) {
    return new Upload(member).open();
}
