/* 1.2-1, 1.2-3 home: 【会员电子证书】, 基本信息, 联系我们 (S14). */

import { logOut, session } from '../../utils/api.js';
import { dropDrafts } from '../../utils/draft.js';
import { dropFiles } from '../../utils/file.js';
import { leave, pageUrl, toLogin } from '../../utils/nav.js';
import { makePage } from '../../utils/page.js';
import { loadSite, site } from '../../utils/site.js';
import { pick } from '../../utils/text.js';

makePage({
    groups: ['home'],
    title: 'home_title',
    data: { name: '', number: '', issuer: '' },

    onLoad() {
        wx.hideHomeButton({ fail() {} });
    },

    onShow() {
        const now = session();

        if (!now) {
            toLogin();
            return;
        }

        this.setData({ name: now.name, number: now.member_no });
        this.draw();
        loadSite().then(() => this.draw(), () => { /* the pages themselves say what fails */ });
    },

    draw() {
        this.setData({ issuer: pick(site(), 'issuer'), hotline: site().hotline });
    },

    open(event) {
        wx.navigateTo({ url: pageUrl(event.currentTarget.dataset.page) });
    },

    out() {
        return this.work('out', async () => {
            try {
                await logOut();
            } finally {
                dropDrafts();
                await dropFiles();
                leave();
            }
        });
    }
});
