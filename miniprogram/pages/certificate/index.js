/*
 * The certificate page: the profile is checked on entry (S33), then the photo
 * (S19-S21, 1.2-4, 1.2-5); photo and data as they will be printed (1.2-2,
 * 1.2-10); 【信息确认并下载会员证】; the results of the comparison (1.2-8, 1.2-9).
 */

import {
    confirmCertificate, getCertificate, getMember, getPdf, getPhotoFile, headPdf
} from '../../utils/api.js';
import { dropFiles, pathOf, safeName } from '../../utils/file.js';
import { pageUrl } from '../../utils/nav.js';
import { makePage } from '../../utils/page.js';
import { resultPrompt, stateKind, stateLines } from '../../utils/photo-state.js';
import { drawPreview } from '../../utils/preview.js';
import { cancelled, refusedByPrivacy } from '../../utils/privacy.js';
import { asProblem, wordsOf } from '../../utils/problem.js';
import { canvasOf } from '../../utils/scale.js';
import { loadSite } from '../../utils/site.js';
import { label, pick, showDate, showTime, sizeWords, t } from '../../utils/text.js';
import { isWaiting, Watch } from '../../utils/wait.js';

const CONFLICT = 409;

/* None, being checked, or lost to a fault of the store (S20); '': there is one. */
function emptyWords({ has_photo: has, photo_readable: readable, blockers, photo }) {
    if (blockers.some(({ code }) => code === 'photo_unavailable') || (has && !readable)) {
        return 'photo_failed';
    }

    if (has) {
        return '';
    }

    return isWaiting(photo) ? 'photo_waiting' : 'photo_empty';
}

makePage({
    groups: ['cert', 'photo', 'preview', 'state_look', 'state_pending_long', 'missing'],
    title: 'cert_title',

    data: {
        ready: false, fields: [], photoSrc: '', photoWords: '', photoAlt: '', stateLines: [],
        stateKind: '', tired: false, mayUpload: false, uploadWords: '', uploadMain: false,
        blocked: [], said: '', saidKind: 'warn', fileLine: '', file: null
    },

    onLoad() {
        this.watch = new Watch(() => this.reload(), () => this.setData({ tired: true }));
    },

    onShow() {
        this.watch.show();
        this.reload();
    },

    onHide() {
        this.watch.hide();
    },

    onUnload() {
        this.watch.stop();
    },

    /* Everything anew; one at a time, and what is old is not drawn. */
    async reload() {
        const turn = this.turn = (this.turn || 0) + 1;

        this.watch.stop();

        try {
            await loadSite().catch(() => { /* its numbers are not needed here */ });

            const view = await getCertificate();

            if (turn === this.turn && this.alive) {
                await this.show(view);
            }
        } catch (error) {
            if (turn === this.turn) {
                this.fail(error);
            }
        }
    },

    async show(view) {
        this.draw(view);
        this.watch.start(view.photo);

        if (!this.working) {
            await this.askOnEntry(view);
        }
    },

    draw(view) {
        const words = emptyWords(view);
        const { photo, confirmed } = view;
        const quiet = !words || isWaiting(photo);

        this.view = view;
        this.setData({
            ready: true, failed: null, tired: false,
            fields: view.fields.map((field) => ({
                key: field.key, label: pick(field, 'label'), value: showDate(pick(field, 'value'))
            })),
            photoWords: words ? t(words) : this.data.photoSrc ? '' : t('loading'),
            photoAlt: t('photo_alt', { name: view.fields[0].value }),
            stateLines: stateLines(photo), stateKind: stateKind(photo),
            mayUpload: photo.may_upload, uploadMain: !quiet,
            uploadWords: t(words ? 'photo_upload' : 'photo_replace'),
            blocked: view.blockers.filter(({ where, code }) =>
                where === 'institute' && code !== 'field_institute_only').map(wordsOf),
            fileLine: !confirmed ? t('cert_file') : confirmed.valid
                ? t('cert_confirmed', { time: showTime(confirmed.at), serial: confirmed.serial })
                : t('cert_outdated')
        });

        const mark = `${view.version} ${photo.state} ${photo.at}`;

        if (words) {
            this.setData({ photoSrc: '' });
        } else if (!this.data.photoSrc || mark !== this.photoMark) {
            this.photoMark = mark;
            this.loadPhoto();
        }
    },

    /* S20: the record says there is a photo, and it cannot be had. */
    async loadPhoto() {
        const turn = this.photoTurn = (this.photoTurn || 0) + 1;

        try {
            const photoSrc = await getPhotoFile();

            if (turn === this.photoTurn && this.alive) {
                this.setData({ photoSrc, photoWords: '' });
            }
        } catch (error) {
            const problem = asProblem(error);

            if (turn === this.photoTurn && this.alive && problem.code !== 'session_expired') {
                const none = problem.code === 'photo_none';

                this.setData({ photoSrc: '', photoWords: t(none ? 'photo_empty' : 'photo_failed') });
                await this.promptPhoto(none ? 'photo_none' : 'photo_unavailable');
            }
        }
    },

    unreadable() {
        this.setData({ photoSrc: '', photoWords: t('photo_failed') });
        this.promptPhoto('photo_unavailable');
    },

    /* S19, S20: the exact words, 【确定】, and then 【上传照片】 in view (S21). */
    async promptPhoto(code) {
        if (this.toldPhoto === code || this.data.dialog || this.asking) {
            return;
        }

        this.toldPhoto = code;
        await this.prompt({ lines: [t(code)], kind: 'bad' });

        if (this.alive) {
            wx.pageScrollTo({ selector: '.upload', duration: 200, fail() {} });
        }
    },

    /* What is in the way, in the order it can be settled. */
    async askOnEntry(view) {
        const at = (where) => view.blockers.filter((one) => one.where === where);
        const status = view.blockers.find(({ code }) => code === 'member_not_active');
        const profile = at('profile');
        const result = resultPrompt(view.photo);

        if (result) {
            await this.prompt(result);
        } else if (status) {
            if (this.told !== 'status') {
                this.told = 'status';
                await this.prompt({ lines: [wordsOf(status)], kind: 'bad' });
            }
        } else if (profile.length) {
            await this.askProfile(view);
        } else if (at('photo').length && !isWaiting(view.photo)) {
            await this.promptPhoto(at('photo')[0].code);
        }
    },

    /* The missing items by name; what only the institute can change, with its contact. */
    async missingItems(view) {
        try {
            const { fields } = await getMember();
            const only = view.blockers.find(({ code }) => code === 'field_institute_only');

            return fields.filter(({ missing }) => missing).map((field) => ({
                mine: field.editable,
                words: field.editable || !only ? label(field)
                    : `${label(field)}${t('colon')}${wordsOf(only)}`
            }));
        } catch (error) {
            return view.blockers.filter(({ field }) => field).map((one) => ({
                mine: one.code !== 'field_institute_only', words: wordsOf(one)
            }));
        }
    },

    /* S33 (1.3-1): 【确定】 leads to the form, where there is something to fill in. */
    async askProfile(view) {
        this.asking = true;     // a photo that fails meanwhile does not speak first

        const items = await this.missingItems(view);

        this.asking = false;

        const mine = items.some((item) => item.mine);
        const pressed = await this.prompt({
            lines: [t('cert_incomplete')], list: items.map((item) => item.words),
            buttons: [{ value: 'home', words: t('cert_home') }, { value: 'ok', words: t('ok'), main: true }]
        });

        if (pressed === 'ok' && mine) {
            wx.navigateTo({ url: pageUrl('profile', 'from=certificate') });
        } else if (pressed === 'home') {
            wx.navigateBack({ delta: 1, fail: () => wx.reLaunch({ url: pageUrl('home') }) });
        }
    },

    upload() {
        wx.navigateTo({ url: pageUrl('upload') });
    },

    look() {
        this.reload();
    },

    say(words, saidKind = 'warn') {
        this.setData({ said: words, saidKind });
    },

    /* S16, S17: confirms what is shown, gets the file, opens it. */
    confirm() {
        return this.work('confirm', async () => {
            this.say('');

            if (this.view.blockers.length) {
                const { version } = this.view;

                this.draw(await getCertificate());

                if (this.view.blockers.length) {
                    this.toldPhoto = '';
                    this.told = '';
                    await this.askOnEntry(this.view);
                    return;
                }

                if (this.view.version !== version) {
                    this.say(t('cert_again'));
                    return;
                }
            }

            await this.download();
        });
    },

    async download() {
        try {
            this.draw(await confirmCertificate(this.view.version));

            const { name, size } = await headPdf();
            const shown = safeName(name, 'membercert.pdf');

            await dropFiles();

            const path = await getPdf(pathOf(shown));

            this.setData({ file: { path, name: shown, size: sizeWords(size) } });
            this.say(t('cert_saved', { name: shown }), 'good');
            await this.openFile();
        } catch (error) {
            await this.refused(asProblem(error));
        }
    },

    /* The data changed between looking and pressing: to be looked at again. */
    async refused(problem) {
        if (problem.status !== CONFLICT) {
            throw problem;
        }

        this.draw(await getCertificate());

        if (this.view.blockers.length) {
            this.toldPhoto = '';
            await this.askOnEntry(this.view);
        } else {
            this.say(t('cert_again'));
        }
    },

    openFile() {
        const { path } = this.data.file;

        return new Promise((resolve) => {
            wx.openDocument({
                filePath: path, fileType: 'pdf', showMenu: true, success: resolve,
                fail: () => {
                    this.say(t('cert_unopened'), 'warn');
                    resolve();
                }
            });
        });
    },

    open() {
        return this.work('open', () => this.openFile());
    },

    /* Only from a tap: WeChat asks for one. */
    share() {
        const { path, name } = this.data.file;

        wx.shareFileMessage({
            filePath: path, fileName: name,
            fail: (error) => {
                if (!cancelled(error)) {
                    this.say(t('cert_unshared'));
                }
            }
        });
    },

    preview() {
        return this.work('preview', async () => {
            const canvas = await canvasOf(this, '.drawing');
            const path = await drawPreview(canvas, this.view, this.data.photoSrc);

            await this.toAlbum(path);
        });
    },

    toAlbum(filePath) {
        return new Promise((resolve) => {
            wx.saveImageToPhotosAlbum({
                filePath,
                success: () => {
                    this.say(t('cert_in_album'), 'good');
                    resolve();
                },
                fail: (error) => {
                    if (cancelled(error)) {
                        resolve();
                    } else if (refusedByPrivacy(error)) {
                        this.prompt({ lines: [t('cert_album_privacy')] }).then(resolve);
                    } else {
                        this.askAlbum().then(resolve);
                    }
                }
            });
        });
    },

    /* The member once said no to the album: only the settings help. */
    async askAlbum() {
        const pressed = await this.prompt({
            lines: [t('cert_album_denied')],
            buttons: [{ value: 'no', words: t('cancel') },
                { value: 'yes', words: t('cert_settings'), main: true }]
        });

        if (pressed === 'yes') {
            wx.openSetting({ fail() {} });
        }
    }
});
