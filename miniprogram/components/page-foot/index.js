/* Below every page: the hot line, the notice, the lines of the footer. */

import { makeComponent } from '../../utils/component.js';
import { site } from '../../utils/site.js';
import { pageUrl } from '../../utils/nav.js';

makeComponent({
    groups: ['foot'],
    properties: { hotline: String, bare: Boolean },
    data: { footer: [] },
    lifetimes: {
        attached() {
            this.setData({ footer: site().footer });
        }
    },
    observers: {
        hotline() {
            this.setData({ footer: site().footer });
        }
    },
    methods: {
        openPrivacy() {
            wx.navigateTo({ url: pageUrl('privacy') });
        },

        openAbout() {
            wx.navigateTo({ url: pageUrl('about') });
        }
    }
});
