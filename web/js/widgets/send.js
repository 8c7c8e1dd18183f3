/*
 * Sending an account form: what is empty first, then the check against
 * machines, the call, and its refusal beside the field it is about.  Nothing
 * typed is lost by any of it.
 * Depends on captcha.js, dom.js, text.js, form.js, hotline.js, problem.js,
 * proof-line.js.
 */

import { Captcha, aboutCaptcha } from '../captcha.js';
import { fill, h } from '../dom.js';
import { showTime, t } from '../text.js';
import { showFaults } from './form.js';
import { withPhones } from './hotline.js';
import { notice, wordsOf } from './problem.js';
import { proofLine } from './proof-line.js';

const MINUTE_S = 60;

/* A refusal in words; when to come back where the service says so. */
export function refusalWords(problem, error = problem.errors[0]) {
    if (aboutCaptcha(problem)) {
        return t('proof_failed');
    }

    if (problem.status !== 429 || !problem.wait) {
        return wordsOf(error);
    }

    return problem.wait < MINUTE_S
        ? t('retry_in', { n: problem.wait })
        : wordsOf(error) + t('retry_at', { time: showTime(Date.now() + problem.wait * 1000) });
}

/* Busy, but focused: a disabled button would lose the focus. */
export function busy(button, words) {
    button.setAttribute('aria-disabled', String(Boolean(words)));
    button.dataset.words ||= button.textContent;
    button.textContent = words || button.dataset.words;
}

export class Sender {
    /*
     * rows: what entry() answers; summary: an element on top of the form;
     * keyOf(error): the row a refusal belongs to, if any; guarded: the
     * service always wants the check, else only where it says so.
     */
    constructor({ rows, summary, button, signal, keyOf = () => null, guarded = false }) {
        Object.assign(this, { rows, summary, button, signal, keyOf, guarded });
        this.proof = proofLine();
        this.captcha = new Captcha(signal, this.proof);
        this.sending = false;
    }

    /* The check is worked at while the form is filled in. */
    warm() {
        if (this.guarded) {
            this.captcha.warm();
        }
    }

    clear() {
        this.rows.forEach((row) => row.fault(''));
        fill(this.summary);
    }

    /* Beside the fields, or alone on top where it is about none of them. */
    fail(faults) {
        if (faults.some(({ key }) => this.rows.some((row) => row.field.key === key))) {
            showFaults(this.summary, this.rows, faults);
            return;
        }

        const said = notice('bad', faults.map(({ words }) => h('p', {}, withPhones(words))));

        said.tabIndex = -1;
        fill(this.summary, said);
        said.focus();
    }

    /* True where something that must be filled in is not. */
    lacking(more = []) {
        const faults = [...this.rows.filter((row) => row.empty())
            .map((row) => ({ key: row.field.key, words: t(`need_${row.field.key}`) })), ...more];

        this.clear();

        if (faults.length) {
            this.fail(faults);
        }

        return faults.length > 0;
    }

    refuse(problem) {
        this.fail(problem.errors.map((error) =>
            ({ key: this.keyOf(error), words: refusalWords(problem, error) })));
    }

    /*
     * Calls call(captcha); answers what it does as [answer], or null after
     * a refusal, which stands in the form then.
     */
    async send(words, call) {
        if (this.sending) {
            return null;
        }

        this.sending = true;
        busy(this.button, words);

        try {
            const answer = await this.captcha.send(call, this.guarded);

            return this.signal.aborted ? null : [answer];
        } catch (problem) {
            if (!this.signal.aborted) {
                this.refuse(problem);
            }

            return null;
        } finally {
            this.sending = false;
            busy(this.button, '');
        }
    }
}
