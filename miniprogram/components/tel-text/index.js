/* A text whose telephone numbers can be tapped: "text" any, "number" numbers only. */

import { makeComponent } from '../../utils/component.js';
import { numberParts, textParts } from '../../utils/phone.js';

makeComponent({
    groups: ['call'],
    properties: { before: String, text: String, number: String },
    data: { parts: [] },
    observers: {
        'text, number'(text, number) {
            const parts = number ? numberParts(number) : textParts(text);

            this.setData({ parts: parts.map((part, key) => ({ ...part, key })) });
        }
    },
    methods: {
        call(event) {
            const { digits } = event.currentTarget.dataset;

            /* the member may say no; there is nothing to do then */
            wx.makePhoneCall({ phoneNumber: digits, fail() {} });
        }
    }
});
