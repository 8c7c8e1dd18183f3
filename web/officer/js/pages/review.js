/*
 * The queue and the case in hand (S26, S32, I11): the list on one side, the
 * photos in the middle, the facts on the other.  The case behind is fetched
 * while this one is looked at, so a decision is one request and the next
 * photo is there at once.  The queue is not polled: that would keep an
 * unattended session alive.
 * Depends on api.js, desk.js, keys.js, pictures.js, queue.js, widgets, the
 * site's dom.js, router.js, text.js, widgets.
 */

import { fill, h } from '/js/dom.js';
import { go, show as showPage } from '/js/router.js';
import { session } from '/js/session.js';
import { pick, showTime, t } from '/js/text.js';
import { failPage, listOf, notice } from '/js/widgets/problem.js';
import { decide, getCase, getMember } from '../api.js';
import { desk } from '../desk.js';
import { listenKeys } from '../keys.js';
import { Pictures } from '../pictures.js';
import { Queue } from '../queue.js';
import { Decide } from '../widgets/decide.js';
import { Faces } from '../widgets/faces.js';
import { factsOf } from '../widgets/facts.js';
import { legend } from '../widgets/legend.js';
import { waited } from '../widgets/words.js';

const SEEN_MS = 250;        // a key pressed twice does not decide what was not seen
const FEW = 10;             // so many left: the next page of the queue is fetched

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

class Review {
    constructor(root, signal) {
        this.root = root;
        this.signal = signal;
        this.queue = new Queue();
        this.pictures = new Pictures();
        this.cases = new Map();
        this.turn = 0;
        this.faces = new Faces(this.pictures);
        this.bar = new Decide((decision) => this.decide(decision));
        this.list = h('ol', { class: 'queue-list' });
        this.count = h('span', { class: 'count' });
        this.below = h('div', { class: 'queue-below' });
        this.heading = h('h1', { tabindex: '-1' }, t('queue'));
        this.meta = h('p', { class: 'case-meta' });
        this.said = h('div', { class: 'said', 'aria-live': 'polite' });
        this.outcome = h('div', { class: 'outcome', 'aria-live': 'polite' });
        this.facts = h('div', { class: 'facts' });
        signal.addEventListener('abort', () => this.pictures.keepOnly([]));
    }

    frame() {
        this.memberButton = h('button', {
            type: 'button', class: 'plain', onclick: () => this.toMember()
        }, t('case_member'), ' ', h('kbd', {}, 'M'));
        this.work = h('section', { class: 'case card', 'aria-label': t('queue') },
            h('div', { class: 'case-head' },
                h('div', { class: 'case-title' }, this.heading, this.meta), this.memberButton),
            this.said, this.faces.element, this.bar.element);
        fill(this.root, h('div', { class: 'review' },
            h('aside', { class: 'queue', 'aria-label': t('queue_list') },
                h('div', { class: 'queue-head' }, h('h2', {}, t('queue')), this.count),
                this.list, this.below),
            h('div', { class: 'middle' }, this.work, this.outcome, legend()), this.facts));
    }

    async open() {
        await this.queue.load(this.signal);

        if (this.signal.aborted) {
            return;
        }

        this.frame();
        this.listen();
        await this.begin();
    }

    /* The case that was in hand before, else the oldest. */
    begin(words = null) {
        const first = desk().caseId || this.queue.items[0]?.photo_id;

        return first ? this.show(first, words) : this.showEmpty(words);
    }

    async reload(words = null) {
        this.cases.clear();

        try {
            await this.queue.load(this.signal);
        } catch (problem) {
            this.fail(problem);
            return;
        }

        if (!this.signal.aborted) {
            await this.begin(words);
        }
    }

    /* ---- the list */

    item(one) {
        const now = one.photo_id === this.id;

        return h('li', {}, h('button', {
            type: 'button', class: 'queue-item', 'aria-current': now ? 'true' : null,
            'data-photo': one.photo_id, onclick: () => this.show(one.photo_id)
        },
        h('span', { class: 'queue-name' }, one.name,
            one.attempts ? h('span', { class: 'badge' }, t('queue_try', { n: one.attempts + 1 })) : null),
        h('span', { class: 'queue-more' }, one.member_no),
        h('span', { class: 'queue-more' }, session().all ? `${one.institute} ` : '',
            waited(one.at))));
    }

    drawList() {
        const { items, more } = this.queue;

        this.count.textContent = t(more ? 'queue_count_more' : 'queue_count', { n: items.length });
        fill(this.list, items.map((one) => this.item(one)));
        fill(this.below,
            more ? h('button', { type: 'button', class: 'plain', onclick: () => this.loadMore() },
                t('queue_more')) : null,
            h('button', { type: 'button', class: 'plain', onclick: () => this.refresh() },
                t('queue_refresh'), ' ', h('kbd', {}, 'G')),
            desk().done ? h('p', { class: 'aside' }, t('queue_done', { n: desk().done })) : null);
        this.scrollList();
    }

    /* Shows the item in hand without moving the page. */
    scrollList() {
        const item = this.list.querySelector('[aria-current]');

        if (item) {
            const top = item.offsetTop - this.list.offsetTop;

            this.list.scrollTop = Math.min(top, Math.max(this.list.scrollTop,
                top + item.offsetHeight - this.list.clientHeight));
        }
    }

    async loadMore() {
        if (this.loading) {
            return;
        }

        this.loading = true;

        try {
            await this.queue.loadMore(this.signal);
            this.drawList();
        } catch (problem) {
            this.fail(problem);
        } finally {
            this.loading = false;
        }
    }

    refresh() {
        desk().caseId = null;
        this.reload();
    }

    /* ---- the case in hand */

    showEmpty(words = null) {
        this.id = null;
        this.view = null;
        this.turn += 1;
        desk().caseId = null;
        this.bar.arm(false);
        this.work.classList.add('empty');
        this.heading.textContent = t('queue_empty');
        fill(this.meta, t('queue_empty_more'));
        fill(this.said, words);
        fill(this.facts);
        this.drawList();
    }

    caseOf(id) {
        if (!this.cases.has(id)) {
            const coming = getCase(id);

            coming.catch(() => this.cases.delete(id));
            this.cases.set(id, coming);
        }

        return this.cases.get(id);
    }

    /* "words" is a notice about what was before. */
    async show(id, words = null) {
        const turn = ++this.turn;
        let view;

        this.bar.arm(false);
        this.id = id;
        desk().caseId = id;

        try {
            view = await this.caseOf(id);
        } catch (problem) {
            if (turn === this.turn) {
                this.lost(problem, id);
            }

            return;
        }

        if (turn !== this.turn || this.signal.aborted) {
            return;
        }

        this.view = view;
        this.draw(words);
        await this.look(turn, view);
    }

    draw(words) {
        const { view } = this;

        this.work.classList.remove('empty');
        this.heading.textContent = view.member.name;
        fill(this.meta,
            h('span', { class: 'case-no' }, view.member.member_no),
            h('span', {}, pick(view.member.institute, 'name')),
            h('span', {}, t('case_uploaded', { time: showTime(view.at) })));
        fill(this.said, words);
        fill(this.facts, factsOf(view));
        this.drawList();

        if (!document.querySelector('dialog[open]')) {
            this.heading.focus({ preventScroll: true });
        }
    }

    /* Decisions open when the upload has been on the screen for a moment. */
    async look(turn, view) {
        const seen = await this.faces.draw(view);

        await pause(SEEN_MS);

        if (turn !== this.turn || this.signal.aborted) {
            return;
        }

        if (!view.waiting) {
            this.said.append(notice('info', h('p', {},
                t('not_waiting', { state: t(`case_${view.state}`) }))));
        }

        this.bar.arm(seen && view.waiting);
        this.lookAhead();
    }

    lookAhead() {
        const near = [this.id, this.queue.beside(this.id, 1)?.photo_id].filter(Boolean);

        for (const id of [...this.cases.keys()].filter((one) => !near.includes(one))) {
            this.cases.delete(id);
        }

        near.slice(1).forEach((id) => this.caseOf(id).then(({ member }) => {
            const ids = [id, member.reference_photo_id || member.current_photo_id].filter(Boolean);

            ids.forEach((one) => this.pictures.get(one).catch(() => {}));
        }, () => {}));

        const { member } = this.view;

        this.pictures.keepOnly([...near, member.reference_photo_id, member.current_photo_id]);

        if (this.queue.more && this.queue.items.length - this.queue.place(this.id) < FEW) {
            this.loadMore();
        }
    }

    step(by) {
        const other = this.queue.beside(this.id, by);

        if (other) {
            this.show(other.photo_id);
        }
    }

    /* The case is no longer to be decided: on to its neighbour. */
    onward(id, words, next = null) {
        const beside = this.queue.drop(id);
        const to = beside ? beside.photo_id : next;

        this.cases.delete(id);
        desk().caseId = to;

        return to ? this.show(to, words) : this.reload(words);
    }

    /* ---- decisions: their outcome stands below, where it moves no photo */

    async decide(decision) {
        const { view } = this;

        this.bar.arm(false);
        fill(this.said);
        fill(this.outcome, h('p', { class: 'aside' }, t('deciding')));

        try {
            const answer = await decide(view.photo_id, decision);

            desk().done += 1;
            fill(this.outcome, this.decided(decision, view, answer));
            await this.onward(view.photo_id, null, answer.next);
        } catch (problem) {
            fill(this.outcome);
            await this.refused(problem, view);
        }
    }

    decided({ decision }, { member }, { attempts, most }) {
        if (decision === 'approve') {
            return notice('good', h('p', {}, t('decided_approve', { name: member.name })));
        }

        return notice('warn', h('p', {}, t(attempts < most ? 'decided_reject' : 'decided_used',
            { name: member.name, n: attempts, most })));
    }

    async refused(problem, view) {
        if (problem.code === 'session_expired' || this.signal.aborted) {
            return;
        }

        if (problem.code === 'photo_replaced') {
            await this.replaced(view);
        } else if (problem.code === 'photo_decided') {
            await this.onward(view.photo_id, notice('warn', h('p', {},
                t('case_decided', { name: view.member.name }))));
        } else if (problem.status === 404) {
            this.lost(problem, view.photo_id);
        } else {
            this.fail(problem);
            this.bar.arm(this.view === view);
        }
    }

    /* The member's new photo takes the old one's place in the list. */
    async replaced(view) {
        let member;

        try {
            member = await getMember(view.member);
        } catch (problem) {
            this.fail(problem);
            return;
        }

        const [newest] = member.cases;

        if (newest?.state !== 'review') {
            await this.onward(view.photo_id,
                notice('warn', h('p', {}, t('case_replaced_gone'))));
            return;
        }

        this.cases.delete(view.photo_id);
        this.queue.replace(view.photo_id, {
            ...this.queue.find(view.photo_id), photo_id: newest.photo_id, at: newest.at,
            name: member.name, member_no: member.member_no, user_type: member.user_type,
            institute: member.institute.code, attempts: member.attempts
        });
        await this.show(newest.photo_id, notice('warn', h('p', {}, t('case_replaced'))));
    }

    lost(problem, id) {
        if (problem.status === 404 || problem.status === 409) {
            this.onward(id, notice('warn', h('p', {}, t('case_gone'))));
        } else {
            this.fail(problem);
        }
    }

    fail(problem) {
        if (problem.code !== 'session_expired' && !this.signal.aborted) {
            fill(this.said, notice('bad', listOf(problem.errors)));
        }
    }

    /* ---- elsewhere */

    toMember() {
        if (this.view) {
            desk().member = this.view.member;
            desk().from = 'queue';
            go('member');
        }
    }

    listen() {
        const digits = Object.fromEntries([...'1234567890']
            .map((name) => [name, () => this.bar.digit(name)]));

        listenKeys(this.signal, {
            ...digits,
            a: () => this.bar.approve(), r: () => this.bar.toggle(),
            j: () => this.step(1), k: () => this.step(-1),
            c: () => this.faces.change(), m: () => this.toMember(), g: () => this.refresh(),
            '/': () => go('search'), Escape: () => this.bar.close()
        });
    }
}

export async function reviewPage(root, signal) {
    fill(root, h('h1', { tabindex: '-1' }, t('queue')),
        h('p', { class: 'aside', role: 'status' }, t('loading')));

    try {
        await new Review(root, signal).open();
    } catch (problem) {
        failPage(root, signal, problem, showPage);
    }
}
