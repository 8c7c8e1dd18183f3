/*
 * A new password for the member who is logged in; with "must" nothing else
 * is possible before (a first or an old password).
 */

import { changePassword } from '../../utils/api.js';
import { enter, leave } from '../../utils/nav.js';
import { makePage } from '../../utils/page.js';
import { asProblem, linesOf } from '../../utils/problem.js';
import { loadSite, site } from '../../utils/site.js';
import { t } from '../../utils/text.js';

makePage({
    groups: ['new', 'password'],
    title: 'password_title',
    data: { must: false, old: '', password: '', again: '', faults: {}, rule: '' },

    async onLoad({ must }) {
        this.setData({ must: Boolean(must) });
        await loadSite().catch(() => { /* the rule is said by the refusal then */ });
        this.setData({
            hotline: site().hotline,
            rule: site().password ? t('new_rule', { min: site().password.min }) : ''
        });
    },

    onChange(event) {
        this.data[event.currentTarget.dataset.field] = event.detail.value;
    },

    save() {
        const { old, password, again } = this.data;
        const faults = {};

        if (!old) {
            faults.old = t('password_need_old');
        }

        if (!password) {
            faults.password = t('password_need_new');
        } else if (password !== again) {
            faults.again = t('new_differs');
        }

        this.setData({ faults, old, password, again });

        return Object.keys(faults).length ? undefined : this.work('save', () => this.send());
    },

    async send() {
        const { old, password } = this.data;

        try {
            await changePassword({ old, password });
            await this.prompt({
                heading: t('password_done'), kind: 'good', hotline: false,
                lines: [t('password_done_more')]
            });
            enter();
        } catch (error) {
            const problem = asProblem(error);
            const words = linesOf(problem).join(' ');

            if (problem.code === 'password_wrong') {
                this.setData({ faults: { old: words } });
            } else if (/^password_/.test(problem.code)) {
                this.setData({ faults: { password: words } });
            } else {
                throw problem;
            }
        }
    },

    out() {
        leave();
    }
});
