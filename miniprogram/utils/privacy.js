/*
 * WeChat's privacy guide: an interface that reads photos, writes to the album
 * or the clipboard is held back by WeChat until the member agrees.  The page
 * on top shows the question (components/privacy-gate); to refuse is possible
 * and leaves all else usable.
 * Depends on nothing.
 */

let waiting = [];
let listener = null;

/* The gate of the page on top; called with whether somebody is asked. */
export function gate(handler) {
    listener = handler;

    if (handler && waiting.length) {
        handler(true);
    }
}

export function gone(handler) {
    if (listener === handler) {
        listener = null;
    }
}

export function watchPrivacy() {
    if (!wx.onNeedPrivacyAuthorization) {
        return;     // before 2.32.3 there was no such question
    }

    wx.onNeedPrivacyAuthorization(/** @param {any} resolve */ (resolve) => {
        waiting.push(resolve);

        if (listener) {
            listener(true);
            resolve({ event: 'exposureAuthorization' });
        } else {
            answerPrivacy(false);
        }
    });
}

export function answerPrivacy(agreed, buttonId = '') {
    const all = waiting;

    waiting = [];

    for (const resolve of all) {
        resolve(agreed ? { event: 'agree', buttonId } : { event: 'disagree' });
    }
}

/* A call failed because the member, or the console, said no. */
export function refusedByPrivacy(error) {
    return Boolean(error) && (error.errno === 104 || error.errno === 112
        || /privacy/i.test(String(error.errMsg)));
}

export const cancelled = (error) => Boolean(error) && /cancel/i.test(String(error.errMsg));
