'use strict';

/*
 * WeChat's built-in tags this mini program uses, each as a small component:
 * what stands inside it in the browser.  browser/tags.js gives them life.
 */

const BUILT_IN = {
    view: '<slot/>',
    text: '<slot/>',
    'scroll-view': '<slot/>',
    button: '<slot/>',
    image: '<native-img/>',
    input: '<native-input/>',
    canvas: '<native-canvas/>',
    picker: '<native-input/><slot/>',
    'page-meta': '<slot/>'
};

module.exports = { BUILT_IN };
