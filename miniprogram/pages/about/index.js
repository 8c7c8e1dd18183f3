/* 联系我们: the hot line and a button to call it, the institutes, the record numbers. */

import { makePage } from '../../utils/page.js';
import { numbers } from '../../utils/phone.js';
import { loadSite, site } from '../../utils/site.js';
import { pick } from '../../utils/text.js';

makePage({
    groups: ['about'],
    title: 'home_about',
    data: { issuer: '', calls: [], contacts: [] },

    onLoad() {
        this.draw();
        this.load();
    },

    async load() {
        try {
            await loadSite();
            this.draw();
        } catch (error) {
            this.fail(error);
        }
    },

    draw() {
        this.setData({
            failed: null, hotline: site().hotline, issuer: pick(site(), 'issuer'),
            calls: numbers(site().hotline).filter(({ digits }) => digits),
            contacts: (site().institutes || []).map((one) => ({
                code: one.code, name: pick(one, 'name'),
                line: `${one.contact || ''} ${one.phone || ''}`.trim()
            }))
        });
    },

    call(event) {
        wx.makePhoneCall({ phoneNumber: event.currentTarget.dataset.digits, fail() {} });
    }
});
