/*
 * The institute's privacy notice (or, "of=comparison", that on the automatic
 * comparison), read from its site; WeChat's guide; and what to do without
 * agreeing.
 */

import { config } from '../../config.js';
import { getNotice } from '../../utils/api.js';
import { noticeParts } from '../../utils/notice.js';
import { makePage } from '../../utils/page.js';
import { cancelled } from '../../utils/privacy.js';
import { loadSite, site } from '../../utils/site.js';
import { t } from '../../utils/text.js';

makePage({
    groups: ['notice'],
    title: 'privacy',
    data: { ready: false, parts: [], version: '', address: '', said: '' },

    onLoad({ of }) {
        this.comparison = of === 'comparison';

        if (this.comparison) {
            wx.setNavigationBarTitle({ title: t('compare_notice') });
        }

        this.load();
    },

    async load() {
        this.setData({ failed: null });

        try {
            await loadSite();

            const { privacy, compare } = site();
            const notice = this.comparison ? compare.consent : privacy;

            if (!notice) {
                this.setData({ ready: true, hotline: site().hotline });
                return;
            }

            const { url, version } = notice;
            const parts = noticeParts(await getNotice(url)).map((part, key) => ({ ...part, key }));

            if (this.alive) {
                this.setData({
                    ready: true, parts, version, hotline: site().hotline,
                    address: /^https?:/.test(url) ? url : `${config.origin}${url}`
                });
            }
        } catch (error) {
            this.fail(error);
        }
    },

    guide() {
        wx.openPrivacyContract({ fail: () => this.setData({ said: t('notice_no_guide') }) });
    },

    copy() {
        wx.setClipboardData({
            data: this.data.address,
            success: () => this.setData({ said: t('notice_copied') }),
            fail: (error) => {
                if (!cancelled(error)) {
                    this.setData({ said: this.data.address });
                }
            }
        });
    },

    /* Without agreeing there is nothing this program can do: the way out. */
    async refuse() {
        const pressed = await this.prompt({
            lines: [t('notice_refuse_more')],
            buttons: [{ value: 'leave', words: t('notice_leave') },
                { value: 'stay', words: t('notice_stay'), main: true }]
        });

        if (pressed === 'leave') {
            wx.exitMiniProgram({ fail() {} });
        }
    }
});
