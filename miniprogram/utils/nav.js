/*
 * From page to page, and back to where the member was when the session
 * ended.
 * Depends on nothing.
 */

const OPEN = ['login', 'forgot', 'privacy', 'about'];

let back = '';

export const pageUrl = (name, words = '') => `/pages/${name}/index${words ? `?${words}` : ''}`;

const nameOf = (route) => route.split('/')[1];

function here() {
    const pages = getCurrentPages();

    return pages[pages.length - 1];
}

function urlOf(page) {
    return pageUrl(nameOf(page.route), Object.keys(page.options || {})
        .map((key) => `${key}=${page.options[key]}`).join('&'));
}

/* The session is over: log-in, and what is on top is opened again after. */
export function toLogin() {
    const page = here();

    if (page && nameOf(page.route) === 'login') {
        return;
    }

    if (page && !OPEN.includes(nameOf(page.route))) {
        back = urlOf(page);
    }

    wx.reLaunch({ url: pageUrl('login', 'said=expired') });
}

/* The password comes first; what is on top is opened again after. */
export function toPassword() {
    const page = here();

    if (page && nameOf(page.route) === 'password') {
        return;
    }

    if (page && !OPEN.includes(nameOf(page.route))) {
        back = urlOf(page);
    }

    wx.reLaunch({ url: pageUrl('password', 'must=1') });
}

/* After a log-in: home, and above it the page that was left. */
export function enter() {
    const url = back;

    back = '';
    wx.reLaunch({
        url: pageUrl('home'),
        success() {
            if (url && url !== pageUrl('home')) {
                wx.navigateTo({ url });
            }
        }
    });
}

/* The member logs out: nothing is to be opened again. */
export function leave() {
    back = '';
    wx.reLaunch({ url: pageUrl('login', 'said=out') });
}

/* Back to "name" where it lies below, else to a new one in place of this. */
export function backTo(name) {
    const pages = getCurrentPages();
    const below = pages.length > 1 ? pages[pages.length - 2] : null;

    if (below && nameOf(below.route) === name) {
        wx.navigateBack({ delta: 1 });
    } else {
        wx.redirectTo({ url: pageUrl(name) });
    }
}
