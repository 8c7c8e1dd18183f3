/*
 * Consent to the automatic comparison, apart from the privacy notice: the
 * member chooses it or the institute's review; neither is chosen beforehand.
 * An answer to the present notice is remembered and can be changed.
 * Depends on api.js, dom.js, site.js, text.js, photo-state.js.
 */

import { giveConsent } from '../api.js';
import { fill, h, id } from '../dom.js';
import { site } from '../site.js';
import { t } from '../text.js';
import { reviewTime } from './photo-state.js';

/* null where nobody is asked: every photo goes to the institute. */
const noticeOf = ({ compare }) => (compare.provider === 'manual' ? null : compare.consent);

function radio(name, words) {
    const input = h('input', { type: 'radio', name, id: id('way') });

    return { input, row: h('label', { class: 'check', for: input.id }, input, h('span', {}, words)) };
}

class Comparison {
    /* "said": true or false, the answer on record; null: none. */
    constructor(notice, said) {
        const name = id('compare');

        this.notice = notice;
        this.said = said;
        this.agree = radio(name, t('compare_agree'));
        this.decline = radio(name, t('compare_decline', { review_time: reviewTime() }));
        this.agree.input.checked = said === true;
        this.decline.input.checked = said === false;
        this.element = h('div', { class: 'ways' });

        if (said === null) {
            this.ask();
        } else {
            this.remind();
        }
    }

    link() {
        return h('a', { href: this.notice.url, target: '_blank', rel: 'noopener' },
            t('compare_notice'));
    }

    ask() {
        fill(this.element, h('fieldset', {},
            h('legend', {}, t('compare_ask'), ' ', this.link()),
            this.agree.row, this.decline.row));
    }

    remind() {
        fill(this.element, h('p', {},
            t(this.said ? 'compare_agreed' : 'compare_declined'), ' ', this.link(), ' ',
            h('button', { type: 'button', class: 'plain', onclick: () => this.change() },
                t('compare_change'))));
    }

    change() {
        this.ask();
        (this.said ? this.agree : this.decline).input.focus();
    }

    get made() {
        return this.agree.input.checked || this.decline.input.checked;
    }

    async record() {
        const says = this.agree.input.checked;

        if (says !== this.said) {
            await giveConsent('comparison', this.notice.version, says);
            this.said = says;
            this.remind();
        }
    }
}

/* null where there is nothing to choose. */
export function comparison(said) {
    const notice = noticeOf(site());

    return notice && new Comparison(notice, said ?? null);
}
