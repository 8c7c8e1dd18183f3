/*
 * One member as the institute sees it (I11, S38, X08): photos, what stands
 * between the member and the certificate, data with its correction, uploads;
 * resetting tries, uploading a verified photo, confirming at the counter, a
 * one-time code for whom no message reaches.
 * Depends on api.js, desk.js, keys.js, pictures.js, widgets, the site's
 * dom.js, router.js, text.js, widgets.
 */

import { fill, h } from '/js/dom.js';
import { go, show } from '/js/router.js';
import { label, pick, showTime, t } from '/js/text.js';
import { prompt } from '/js/widgets/dialog.js';
import { saveFile } from '/js/widgets/download.js';
import { withPhones } from '/js/widgets/hotline.js';
import { missingNames } from '/js/widgets/member.js';
import { failPage, notice, promptProblem, wordsOf } from '/js/widgets/problem.js';
import { confirmFor, getCertificate, getMember, resetMember } from '../api.js';
import { desk } from '../desk.js';
import { listenKeys } from '../keys.js';
import { Pictures } from '../pictures.js';
import { activate } from '../widgets/activate.js';
import { Correct } from '../widgets/correct.js';
import { historyTable } from '../widgets/history.js';
import { put } from '../widgets/put.js';
import { Versions } from '../widgets/versions.js';
import { typeWord } from '../widgets/words.js';

const WAITS = ['pending', 'review'];

const ofProfile = ({ code }) => ['profile_incomplete', 'field_institute_only'].includes(code);

/* What is missing by its name, then the rest in the service's words. */
function lacks(member) {
    const { blockers } = member.certificate;
    const items = missingNames(member).join(t('comma'));

    return [blockers.some(ofProfile) ? t('member_missing', { items }) : null,
        ...blockers.filter((one) => !ofProfile(one)).map((one) => withPhones(wordsOf(one)))]
        .filter(Boolean).map((words) => h('li', {}, words));
}

function confirmedWords({ valid, at, serial, revoked_at: revokedAt }) {
    return valid ? t('member_confirmed', { time: showTime(at), serial })
        : t(revokedAt ? 'member_revoked' : 'member_outdated', { serial });
}

class MemberPage {
    constructor(root, signal) {
        this.root = root;
        this.pictures = new Pictures();
        this.said = h('div', { class: 'said', 'aria-live': 'polite' });
        signal.addEventListener('abort', () => this.pictures.keepOnly([]));
    }

    draw(member) {
        this.member = member;
        desk().member = member;
        fill(this.root, this.head(), this.said,
            h('div', { class: 'member-grid' },
                h('div', {}, this.photos(), this.certificate(), this.account()),
                h('div', {}, this.data(), this.versions(), this.history())));
    }

    /* Draws what an action answered, with its words. */
    changed(member, words) {
        this.draw(member);
        fill(this.said, notice('good', h('p', {}, words)));
    }

    head() {
        const { member } = this;
        const back = desk().from;

        return h('div', { class: 'member-head' },
            h('a', { class: 'back', href: `#/${back}` }, `‹ ${t(back)}`),
            h('h1', { tabindex: '-1' }, member.name),
            h('p', { class: 'case-meta' },
                h('span', { class: 'case-no' }, member.member_no),
                h('span', {}, typeWord(member.user_type)),
                h('span', {}, pick(member.institute, 'name')),
                h('span', { class: `state state-${member.status.code}` }, label(member.status)),
                member.disabled ? h('span', { class: 'state state-bad' }, t('member_disabled')) : null));
    }

    photo(key, id) {
        const place = h('div', { class: 'photo' }, h('p', { class: 'photo-empty' },
            t(id ? 'loading' : 'photo_empty')));

        if (id) {
            this.pictures.get(id).then((src) => {
                place.classList.add('filled');
                fill(place, h('img', {
                    src, width: 178, height: 220,
                    alt: t('face_alt', { name: this.member.name, what: t(key) })
                }));
            }, () => fill(place, h('p', { class: 'photo-empty' }, t('face_failed'))));
        }

        return h('figure', { class: 'photo-side' }, place, h('figcaption', {}, t(key)));
    }

    photos() {
        const { member } = this;
        const waits = member.cases.some(({ state }) => WAITS.includes(state));

        return h('section', { class: 'card' },
            h('h2', {}, t('member_photos')),
            h('div', { class: 'photo-pair' },
                this.photo('face_current', member.current_photo_id),
                this.photo('face_reference', member.reference_photo_id)),
            h('p', { class: 'tries' }, t('attempts'), t('colon'),
                h('strong', {}, t('attempts_of', { n: member.attempts, most: member.most }))),
            h('div', { class: 'buttons' },
                h('button', {
                    type: 'button', class: 'button quiet', id: 'put', onclick: () => this.put()
                }, t('put')),
                member.attempts || waits ? h('button', {
                    type: 'button', class: 'button quiet', id: 'reset', onclick: () => this.reset()
                }, t('reset')) : null));
    }

    certificate() {
        const { blockers, confirmed } = this.member.certificate;
        const done = confirmed?.valid && !blockers.length;

        return h('section', { class: 'card' },
            h('h2', {}, t('certificate_card')),
            blockers.length
                ? [h('p', { class: 'aside' }, t('member_blockers')),
                    h('ul', { class: 'blockers' }, lacks(this.member))]
                : null,
            !blockers.length && !done ? h('p', {}, t('member_ready')) : null,
            confirmed ? h('p', { class: 'aside' }, confirmedWords(confirmed)) : null,
            blockers.length ? null : h('div', { class: 'buttons' }, h('button', {
                type: 'button', class: 'button main', id: 'certificate',
                onclick: () => this.act(() => (done ? this.download() : this.confirm()))
            }, t(done ? 'get_certificate' : 'confirm_for'))));
    }

    /* The way in for whom no message reaches (X03). */
    account() {
        return this.member.disabled ? null : h('section', { class: 'card' },
            h('h2', {}, t('account_card')),
            h('p', { class: 'aside' }, t('account_lead')),
            h('div', { class: 'buttons' }, h('button', {
                type: 'button', class: 'button quiet', id: 'activate',
                onclick: () => this.act(() => activate(this.member))
            }, t('activate'))));
    }

    data() {
        return new Correct(this.member, (member) => {
            this.changed(member, t('corrected'));
            this.root.querySelector('#correct').focus();
        }).element;
    }

    /* Taking one back changes what the card of the certificate says. */
    versions() {
        return new Versions(this.member, async (words) => {
            try {
                this.changed(await getMember(this.member), words);
            } catch (problem) {
                await promptProblem(problem);
            }
        }).element;
    }

    history() {
        return h('section', { class: 'card' }, h('h2', {}, t('history')),
            historyTable(this.member.cases, (id) => {
                desk().caseId = id;
                go('queue');
            }));
    }

    /* ---- actions */

    async act(run) {
        if (this.busy) {
            return;
        }

        this.busy = true;
        fill(this.said);

        try {
            await run();
        } catch (problem) {
            if (problem.code !== 'session_expired') {
                await promptProblem(problem);
            }
        } finally {
            this.busy = false;
        }
    }

    async put() {
        const member = await put(this.member);

        if (member) {
            this.changed(member, t('put_done'));
        }
    }

    reset() {
        return this.act(async () => {
            const pressed = await prompt({
                title: t('reset'),
                body: h('p', {}, t('reset_ask_more', { name: this.member.name })),
                buttons: [['reset', t('reset')], ['', t('cancel')]]
            });

            if (pressed === 'reset') {
                this.changed(await resetMember(this.member), t('reset_done'));
            }
        });
    }

    async confirm() {
        const pressed = await prompt({
            title: t('confirm_ask'), body: h('p', {}, t('confirm_ask_more')),
            buttons: [['confirm', t('confirm_ask')], ['', t('cancel')]]
        });

        if (pressed === 'confirm') {
            this.draw(await confirmFor(this.member, this.member.certificate.version));
            await this.download();
        }
    }

    async download() {
        const file = await getCertificate(this.member);

        saveFile(file);
        fill(this.said, notice('good', h('p', {}, t('got_certificate', { name: file.name }))));
    }
}

export async function memberPage(root, signal) {
    const who = desk().member;

    listenKeys(signal, {
        '/': () => go('search'),
        Escape: () => root.querySelector('form') || go(desk().from)
    });

    if (!who) {
        fill(root, h('h1', { tabindex: '-1' }, t('member')),
            notice('info', h('p', {}, t('member_none'))),
            h('p', {}, h('a', { class: 'button main', href: '#/search' }, t('search'))));
        return;
    }

    fill(root, h('h1', { tabindex: '-1' }, t('member')),
        h('p', { class: 'aside', role: 'status' }, t('loading')));

    try {
        const member = await getMember(who);

        if (!signal.aborted) {
            new MemberPage(root, signal).draw(member);
        }
    } catch (problem) {
        failPage(root, signal, problem, show);
    }
}
