/*
 * Small notes in the phone's storage; where it refuses, for this run only.
 * Depends on nothing.
 */

const here = new Map();

export function recall(key) {
    if (here.has(key)) {
        return here.get(key);
    }

    try {
        const value = wx.getStorageSync(key);

        return value === '' || value === undefined ? null : value;
    } catch (error) {
        return null;
    }
}

export function keep(key, value) {
    here.set(key, value);

    try {
        wx.setStorageSync(key, value);
    } catch (error) {
        /* storage is full: "here" serves until the program ends */
    }
}

export function forget(key) {
    here.delete(key);

    try {
        wx.removeStorageSync(key);
    } catch (error) {
        /* nothing was stored */
    }
}
