/*
 * WeChat's built-in browser saves no PDF: what to do instead.
 * Depends on dom.js, text.js, dialog.js.
 */

import { h } from '../dom.js';
import { t } from '../text.js';
import { prompt } from './dialog.js';

export const inWeChat = /MicroMessenger/i.test(navigator.userAgent);

/* "picture" is the address of the preview's picture, or null. */
export function promptBrowser(picture) {
    return prompt({
        title: t('wechat'), kind: 'dialog-wechat',
        body: [h('p', { class: 'wechat-where' }, t('wechat_open')),
            h('p', {}, t('wechat_then')),
            picture ? h('figure', { class: 'preview' },
                h('img', { src: picture, alt: t('preview_alt') }), h('figcaption', {}, t('preview'))) : null]
    });
}
