/*
 * WeChat's question before photos are read or saved: the guide to read, a
 * button to agree, and one to refuse.
 */

import { makeComponent } from '../../utils/component.js';
import { answerPrivacy, gate, gone } from '../../utils/privacy.js';

makeComponent({
    groups: ['gate'],
    data: { open: false },
    lifetimes: {
        attached() {
            this.asked = () => this.setData({ open: true });
            gate(this.asked);
        },

        detached() {
            gone(this.asked);

            if (this.data.open) {
                answerPrivacy(false);
            }
        }
    },
    pageLifetimes: {
        show() {
            gate(this.asked);
        }
    },
    methods: {
        agree() {
            this.setData({ open: false });
            answerPrivacy(true, 'privacy-agree');
        },

        refuse() {
            this.setData({ open: false });
            answerPrivacy(false);
        },

        read() {
            wx.openPrivacyContract({ fail() {} });
        },

        still() {}
    }
});
