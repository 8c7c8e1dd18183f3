/*
 * 1.2-6, 1.2-7 上传照片: the rules, the source, the picture as it is or cut
 * by the helper (I10), every fault at once (I09), declaration and consents,
 * then the upload.  A photo that was made is not lost with the session.
 */

import { checkPhoto, getMember, getPhotoState, giveConsent, putPhoto } from '../../utils/api.js';
import { ownerOf, putDraft, takeDraft } from '../../utils/draft.js';
import { writeFile } from '../../utils/file.js';
import { encode } from '../../utils/shared/encode.js';
import { guess } from '../../utils/shared/place.js';
import { backTo, pageUrl } from '../../utils/nav.js';
import { makePage } from '../../utils/page.js';
import { look, openPicture, Unfit } from '../../utils/picture.js';
import { cancelled, refusedByPrivacy } from '../../utils/privacy.js';
import { asProblem, linesOf, wordsOf } from '../../utils/problem.js';
import { faultsOf, ruleOf, ruleRows } from '../../utils/rules.js';
import { canvasOf, Scaler, upright } from '../../utils/scale.js';
import { loadSite, reviewTime, site } from '../../utils/site.js';
import { grouped, t } from '../../utils/text.js';

const VERDICTS = [413, 415, 422];
const CANVAS = '.drawing';

/* A file refused at once was not looked at further: what the phone sees
 * besides is told as well. */
function withOurs(problem, ours) {
    const atOnce = problem.status === 413
        || problem.errors.some(({ code }) => code === 'photo_not_jpeg');
    const told = (fault) => problem.errors.some((error) => ruleOf(error) === ruleOf(fault));

    return [...problem.errors, ...(atOnce ? ours.filter((fault) => !told(fault)) : [])];
}

makePage({
    groups: ['upload', 'source', 'compare', 'fit', 'rules', 'photo_upload'],
    title: 'photo_upload',

    data: {
        ready: false, sheet: false, step: 'choose', rows: [], said: '', saidKind: 'info',
        chosen: '', picture: null, result: '', numbers: [], notes: [], verdict: null,
        declared: false, consentAsked: false, consented: false, compare: null, way: '',
        wayOpen: false, restored: false, reviewTime: '', good: false
    },

    onLoad() {
        this.file = null;       // { bytes } that may be sent
        this.turn = 0;
        this.load();
    },

    onUnload() {
        this.turn += 1;

        if (this.file && this.owner && !this.done) {
            putDraft('upload', this.owner, {
                bytes: this.file.bytes, declared: this.data.declared
            });
        }
    },

    async load() {
        try {
            await loadSite();

            const member = await getMember();
            const { compare, privacy } = site();

            this.owner = ownerOf(member);
            this.before = await getPhotoState();
            this.said = member.compare_accepted;
            this.setData({
                ready: true, failed: null, hotline: site().hotline, reviewTime: reviewTime(),
                consentAsked: Boolean(privacy) && !member.privacy_accepted,
                compare: compare.provider === 'manual' ? null : compare.consent,
                way: this.said === true ? 'yes' : this.said === false ? 'no' : '',
                wayOpen: typeof this.said !== 'boolean',
                wayNo: t('compare_decline', { review_time: reviewTime() })
            });
            await this.restore();
        } catch (error) {
            this.fail(error);
        }
    },

    async restore() {
        const draft = takeDraft('upload', this.owner);

        if (draft) {
            this.setData({ restored: true, declared: draft.declared });
            await this.showFile(draft.bytes, []);
        }
    },

    /* --- choose */

    raise() {
        this.setData({ sheet: true });
    },

    lower() {
        this.setData({ sheet: false });
    },

    still() {},

    choose(event) {
        const { source } = event.currentTarget.dataset;

        this.setData({ sheet: false });
        wx.chooseMedia({
            count: 1, mediaType: ['image'], sourceType: [source], sizeType: ['original'],
            camera: 'back',
            success: ({ tempFiles }) => this.take({
                path: tempFiles[0].tempFilePath, size: tempFiles[0].size
            }),
            fail: (error) => this.notChosen(error)
        });
    },

    notChosen(error) {
        if (refusedByPrivacy(error)) {
            this.prompt({ lines: [t('upload_no_privacy')] });
        } else if (!cancelled(error)) {
            this.prompt({ lines: [t('upload_no_access')] });
        }
    },

    /* --- the picture */

    async take(chosen) {
        const turn = this.turn += 1;
        const stale = () => turn !== this.turn || !this.alive;

        this.file = null;
        this.setData({
            step: 'checking', rows: [], said: t('upload_checking'), saidKind: 'info', picture: null,
            result: '', verdict: null, restored: false, good: false
        });

        try {
            const seen = await look(chosen);
            const faults = await this.faults(seen);

            if (stale()) {
                return;
            }

            this.seen = seen;

            if (faults.length) {
                await this.fit(seen, faults, stale);
            } else {
                await this.showFile(seen.bytes, ruleRows([], seen));
            }
        } catch (error) {
            if (!stale()) {
                this.unusable(error);
            }
        }
    },

    /* The service's where the file is small enough to be sent, else ours. */
    async faults(seen) {
        const ours = faultsOf(seen);

        if (!seen.bytes || seen.size > site().photo.max || seen.kind !== 'JPEG') {
            return ours;
        }

        try {
            await checkPhoto(seen.bytes);

            return [];
        } catch (error) {
            const problem = asProblem(error);

            if (!VERDICTS.includes(problem.status)) {
                throw problem;
            }

            return withOurs(problem, ours);
        }
    },

    /* Why this picture cannot be used, or could not be looked at. */
    unusable(error) {
        if (error instanceof Unfit) {
            this.setData({
                step: 'choose', said: `${t('upload_unfit')} ${error.words}`, saidKind: 'bad'
            });
            return;
        }

        const problem = asProblem(error);

        if (problem.code !== 'session_expired') {
            this.setData({ step: 'choose', said: linesOf(problem).join(' '), saidKind: 'bad' });
        }
    },

    /* As it is: nothing to be cut. */
    async showFile(bytes, rows) {
        const path = await writeFile(`chosen-${this.turn}.jpg`, bytes);

        this.file = { bytes };
        this.setData({
            step: 'file', rows, result: path, good: true,
            said: this.data.restored ? t('upload_restored') : t('upload_good'), saidKind: 'good'
        });
    },

    /* A picture that fits may still be cut anew. */
    async cutAnyway() {
        const turn = this.turn += 1;

        try {
            await this.fit(this.seen, [], () => turn !== this.turn || !this.alive);
        } catch (error) {
            this.unusable(error);
        }
    },

    /* --- the helper */

    async fit(seen, faults, stale) {
        const wanted = { width: site().photo.width, height: site().photo.height };
        const canvas = await canvasOf(this, CANVAS);
        const picture = await openPicture(canvas, seen, wanted);

        if (!stale()) {
            this.file = null;
            this.setData({
                step: 'fit', good: false, result: '', verdict: null,
                rows: faults.length ? ruleRows(faults, seen) : [],
                said: faults.length ? t('upload_bad', { n: faults.length }) : '', saidKind: 'warn'
            });
            await this.stage(canvas, picture, wanted);
        }
    },

    async stage(canvas, picture, wanted) {
        this.scaler = await Scaler.open(canvas, picture);
        this.setData({
            picture: {
                ...picture, wanted,
                start: guess(this.scaler, wanted.height / wanted.width)
            }
        });
    },

    async onTurn() {
        if (!this.scaler) {
            return;
        }

        const { path, wanted } = this.data.picture;

        this.onMoving();

        try {
            await this.stage(this.scaler.canvas, await upright(this.scaler.canvas, path, 1), wanted);
        } catch (error) {
            this.setData({ verdict: { kind: 'bad', lines: [t('unfit_broken')] } });
        }
    },

    onMoving() {
        this.turn += 1;
        this.file = null;

        if (this.data.good) {
            this.setData({ good: false });
        }
    },

    onCut({ detail }) {
        this.part = detail;
        this.make();
    },

    /* One at a time: all share the page's canvas; the last cut counts. */
    async make() {
        if (this.making) {
            this.makeAgain = true;
            return;
        }

        this.making = true;

        do {
            this.makeAgain = false;
            await this.makeOnce(this.turn);
        } while (this.makeAgain && this.alive);

        this.making = false;
    },

    async makeOnce(turn) {
        const stale = () => turn !== this.turn || !this.alive;
        const { width, height } = site().photo;

        this.setData({ verdict: { kind: 'info', lines: [t('fit_working')] } });

        try {
            const made = await encode(this.scaler.cut(this.part, width, height),
                { ...site().photo }, this.seen.date);
            const bytes = made.bytes.buffer;

            if (stale()) {
                return;
            }

            const path = await writeFile(`fit-${turn}.jpg`, bytes);

            this.setData({ result: path, numbers: this.compared(made), notes: this.noted(made) });
            await this.ask(bytes, stale);
        } catch (error) {
            if (!stale()) {
                console.error(error);
                this.setData({ verdict: { kind: 'bad', lines: [t('fit_failed')] } });
            }
        }
    },

    /* Before and after, in numbers. */
    compared({ bytes }) {
        const { seen } = this;
        const { width, height, dpi } = site().photo;
        const pixels = (one) => `${one.width}×${one.height}`;
        const dots = (n) => (n ? `${n} dpi` : t('fit_dpi_none'));

        return [
            { name: t('rule_size'), before: grouped(seen.size), after: grouped(bytes.length) },
            { name: t('rule_pixels'), before: pixels(seen), after: pixels({ width, height }) },
            { name: t('rule_dpi'), before: dots(seen.dpi), after: dots(dpi) }
        ];
    },

    noted({ quality, added }) {
        const { min } = site().photo;

        return [
            t('fit_how', {
                width: Math.round(this.part.width), height: Math.round(this.part.height), quality
            }),
            ...(added ? [t('fit_added', { n: grouped(added), min: grouped(min) })] : [])
        ];
    },

    /* The service's verdict before an attempt is made. */
    async ask(bytes, stale) {
        try {
            const { warnings } = await checkPhoto(bytes);

            if (!stale()) {
                const warned = Boolean(warnings && warnings.length);

                this.file = { bytes };
                this.setData({
                    good: true,
                    verdict: warned
                        ? { kind: 'warn', lines: [t('fit_warn'), ...warnings.map(wordsOf)] }
                        : { kind: 'good', lines: [t('fit_good')] }
                });
            }
        } catch (error) {
            const problem = asProblem(error);

            if (!stale() && problem.code !== 'session_expired') {
                const verdict = VERDICTS.includes(problem.status);

                this.setData({
                    verdict: {
                        kind: 'bad', again: !verdict,
                        lines: [t(verdict ? 'fit_bad' : 'fit_unchecked'), ...linesOf(problem)]
                    }
                });
            }
        }
    },

    /* --- declaration, consents, upload */

    onDeclare({ detail }) {
        this.setData({ declared: detail.checked });
    },

    onConsent({ detail }) {
        this.setData({ consented: detail.checked });
    },

    onWay(event) {
        this.setData({ way: event.currentTarget.dataset.way });
    },

    changeWay() {
        this.setData({ wayOpen: true });
    },

    readPrivacy() {
        wx.navigateTo({ url: pageUrl('privacy') });
    },

    readComparison() {
        wx.navigateTo({ url: pageUrl('privacy', 'of=comparison') });
    },

    /* The first thing that is missing, as a key of the dictionary. */
    lacking() {
        const { declared, consentAsked, consented, compare, way, step } = this.data;

        if (!this.file) {
            return step === 'fit' ? 'upload_need_fit' : 'upload_need_file';
        }

        if (!declared) {
            return 'upload_need_declare';
        }

        if (consentAsked && !consented) {
            return 'upload_need_consent';
        }

        return compare && !way ? 'upload_need_compare' : '';
    },

    send() {
        return this.work('send', async () => {
            const lack = this.lacking();

            if (lack) {
                await this.prompt({ lines: [t(lack)] });
                return;
            }

            await this.consent();
            await this.put();
            this.done = true;
            backTo('certificate');
        });
    },

    async consent() {
        const { consentAsked, compare, way } = this.data;

        if (consentAsked) {
            await giveConsent('privacy', site().privacy.version, true);
            this.setData({ consentAsked: false });
        }

        if (compare && (way === 'yes') !== this.said) {
            await giveConsent('comparison', compare.version, way === 'yes');
            this.said = way === 'yes';
        }
    },

    /*
     * No answer does not mean that nothing arrived: the state tells, so that
     * a photo is neither lost nor sent twice.
     */
    async put() {
        try {
            await putPhoto(this.file.bytes);
        } catch (error) {
            const problem = asProblem(error);

            if (!problem.unsure || !await this.arrived()) {
                throw problem;
            }
        }
    },

    async arrived() {
        try {
            const now = await getPhotoState();

            return now.at !== this.before.at || now.state !== this.before.state;
        } catch (error) {
            return false;
        }
    }
});
