/*
 * 2.2-1 / 2.2-2 the certificate page: photo and data as they will be
 * printed, a preview, 【信息确认并下载会员证】, the photo's upload and its
 * results, and every certificate so far.
 * Depends on api.js, dom.js, router.js, site.js, text.js, widgets.
 */

import {
    confirmCertificate, getCertificate, getCertificates, getMember, getPdf, headPdf
} from '../api.js';
import { fill, h } from '../dom.js';
import { show } from '../router.js';
import { site } from '../site.js';
import { pick, showDate, showTime, t } from '../text.js';
import { promptBlockers } from '../widgets/blockers.js';
import { saveFile, sizeWords } from '../widgets/download.js';
import { Layouts } from '../widgets/layouts.js';
import { PhotoPlace } from '../widgets/photo-place.js';
import { isWaiting, promptResult, waitForResult } from '../widgets/photo-state.js';
import { Preview } from '../widgets/preview.js';
import { failPage, notice, paragraphs, promptProblem } from '../widgets/problem.js';
import { ruleWords } from '../widgets/rules.js';
import { upload } from '../widgets/upload.js';
import { verifyPhoto } from '../widgets/verify-photo.js';
import { revokedNotice, versionsTable } from '../widgets/versions.js';
import { inWeChat, promptBrowser } from '../widgets/wechat.js';

class CertificatePage {
    constructor(root, signal) {
        this.root = root;
        this.signal = signal;
        this.photo = new PhotoPlace(signal, () => this.upload());
        this.data = h('dl', { class: 'pairs data' });
        this.file = h('p', { class: 'aside file' });
        this.said = h('div', { class: 'said', 'aria-live': 'polite' });
        this.blocked = h('div', {});
        this.revoked = h('div', { class: 'revoked', 'aria-live': 'polite' });
        this.preview = new Preview(signal);
        this.layouts = new Layouts(() => {
            this.drawPreview();
            this.drawFile();
        });
        this.shared = h('div', {});
        this.versions = h('section', { class: 'card', hidden: true });
        this.button = h('button', {
            type: 'button', class: 'button main big', id: 'confirm', onclick: () => this.confirm()
        }, t('cert_button'));
    }

    frame() {
        fill(this.root,
            h('div', { class: 'page-head' }, h('h1', { tabindex: '-1' }, t('certificate'))),
            this.blocked, this.revoked,
            h('section', { class: 'card certificate', 'aria-label': t('cert_data') },
                h('div', { class: 'sheet' },
                    this.photo.element,
                    h('div', { class: 'data-side' }, h('h2', {}, t('cert_data')), this.data)),
                h('div', { class: 'confirm' },
                    this.preview.element,
                    h('div', { class: 'confirm-side' },
                        h('p', { class: 'lead' }, t('cert_check')), this.layouts.element,
                        this.button, this.file,
                        inWeChat ? h('p', { class: 'aside' }, t('cert_wechat')) : null,
                        this.said, this.shared))),
            this.versions,
            h('section', { class: 'card' }, h('h2', {}, t('rules')), ruleWords()));
    }

    async load() {
        this.view = await getCertificate(this.signal);

        if (this.signal.aborted) {
            return;
        }

        if (!this.data.isConnected) {
            this.frame();
        }

        this.draw();
        this.follow();
        await promptResult(this.view.photo);
    }

    draw() {
        fill(this.data, this.view.fields.map((field) => h('div', { class: 'pair' },
            h('dt', {}, pick(field, 'label')),
            h('dd', {}, showDate(pick(field, 'value'))
                || h('strong', { class: 'missing' }, t('missing'))))));
        this.drawBlocked();
        this.drawRevoked();
        this.photo.draw(this.view);
        this.drawFile();
        this.drawPreview();
        this.drawVersions();
        this.drawShared();
    }

    /* Nothing is printed yet where something is missing. */
    drawPreview() {
        if (this.view.blockers.length) {
            this.preview.hide();
        } else {
            this.preview.show(this.layouts.name);
        }
    }

    /* Drawn once: afterwards the member's hand is ahead of the service. */
    drawShared() {
        if (site().verify.photo && !this.shared.firstChild) {
            fill(this.shared, verifyPhoto(this.view.verify_photo));
        }
    }

    /* A help only: without an answer the page does without. */
    async drawVersions() {
        try {
            const { certificates } = await getCertificates(this.signal);

            this.versions.hidden = !certificates.length;
            fill(this.versions, certificates.length ? [h('h2', {}, t('versions')),
                h('p', { class: 'aside' }, t('versions_lead')), versionsTable(certificates)] : null);
        } catch {
            this.versions.hidden = true;
        }
    }

    /* Nothing on this page settles what only the institute can. */
    drawBlocked() {
        const words = this.view.blockers.filter(({ where, code }) =>
            where === 'institute' && code !== 'field_institute_only');

        fill(this.blocked, words.length
            ? notice('bad', paragraphs(words)) : null);
    }

    drawRevoked() {
        const { confirmed, photo } = this.view;

        fill(this.revoked, confirmed?.revoked_at
            ? revokedNotice(confirmed, photo.contact || site().hotline) : null);
    }

    async drawFile() {
        const { confirmed } = this.view;

        fill(this.file, t('cert_file'));

        if (!confirmed) {
            return;
        }

        fill(this.file, confirmed.valid
            ? t('cert_confirmed', { time: showTime(confirmed.at), serial: confirmed.serial })
            : t(confirmed.revoked_at ? 'cert_revoked' : 'cert_outdated'));

        if (confirmed.valid && !this.view.blockers.length) {
            try {
                const { name, size } = await headPdf(this.layouts.name, this.signal);

                this.file.prepend(t('cert_file_ready', { name, size: sizeWords(size) }),
                    h('br'));
            } catch {
                /* the line is a help only */
            }
        }
    }

    /* Waits for a comparison that runs, then draws everything anew. */
    async follow() {
        if (!isWaiting(this.view.photo) || this.following) {
            return;
        }

        this.following = true;

        const now = await waitForResult(this.view.photo, this.signal);

        this.following = false;

        if (this.signal.aborted) {
            return;
        }

        if (now) {
            this.reload();
        } else {
            this.photo.askAgain(() => this.reload());
        }
    }

    async reload() {
        try {
            await this.load();
        } catch (problem) {
            failPage(this.root, this.signal, problem, show);
        }
    }

    async upload() {
        try {
            const member = await getMember(this.signal);
            const answer = await upload(member);

            if (answer && !this.signal.aborted) {
                await this.reload();
                this.photo.focus();
            }
        } catch (problem) {
            if (problem.code !== 'session_expired') {
                promptProblem(problem);
            }
        }
    }

    /* Blockers may be gone by now; new data is shown before it is confirmed. */
    async stillBlocked() {
        if (!this.view.blockers.length) {
            return false;
        }

        const { version } = this.view;

        await this.load();

        if (this.view.blockers.length) {
            await this.explain(this.view.blockers);
            return true;
        }

        if (this.view.version !== version) {
            fill(this.said, notice('warn', h('p', {}, t('cert_again'))));
            return true;
        }

        return false;
    }

    async explain(blockers) {
        if (await promptBlockers(blockers) === 'photo') {
            this.photo.focus();
        }
    }

    /* Not "disabled": the focus has to come back to it from a prompt. */
    working(now) {
        this.button.setAttribute('aria-disabled', String(now));
        this.button.textContent = t(now ? 'cert_working' : 'cert_button');
    }

    async download() {
        this.working(true);

        try {
            this.view = await confirmCertificate(this.view.version);

            if (inWeChat) {
                this.working(false);
                await promptBrowser(this.preview.url);
                this.draw();
                return;
            }

            const file = await getPdf(this.layouts.name);

            saveFile(file);
            this.draw();
            fill(this.said, notice('good', h('p', {}, t('cert_saved', { name: file.name }))));
        } finally {
            this.working(false);
        }
    }

    async confirm() {
        if (this.busy) {
            return;
        }

        this.busy = true;
        fill(this.said);

        try {
            if (!await this.stillBlocked()) {
                await this.download();
            }
        } catch (problem) {
            await this.refused(problem);
        } finally {
            this.busy = false;
        }
    }

    async refused(problem) {
        if (problem.code === 'session_expired' || this.signal.aborted) {
            return;
        }

        if (problem.status !== 409) {
            await promptProblem(problem);
            return;
        }

        await this.reload();

        if (problem.code === 'certificate_revoked') {
            await promptProblem(problem);
        } else if (this.view.blockers.length) {
            await this.explain(this.view.blockers);
        } else {
            fill(this.said, notice('warn', h('p', {}, t('cert_again'))));
            this.button.focus();
        }
    }
}

export async function certificatePage(root, signal) {
    const page = new CertificatePage(root, signal);

    fill(root, h('h1', { tabindex: '-1' }, t('certificate')),
        h('p', { class: 'aside', role: 'status' }, t('loading')));

    try {
        await page.load();
    } catch (problem) {
        failPage(root, signal, problem, show);
    }
}
