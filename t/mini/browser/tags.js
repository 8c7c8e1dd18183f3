/*
 * WeChat's built-in tags: the few properties and events this mini program
 * uses of them, over the element that stands inside.
 */

import { fileUrl } from '/files.js';

const ARIA = ['Role', 'Label', 'Hidden', 'Checked', 'Disabled', 'Live', 'Modal', 'Required',
    'Invalid', 'Selected', 'Pressed', 'Describedby', 'Valuenow', 'Expanded', 'Busy'];

const hostOf = (caller) => caller._$.getBackendElement();
const innerOf = (caller) => hostOf(caller).querySelector(':scope > img, :scope > input, :scope > canvas');

function reflect(name, write) {
    return function observe(value) {
        write(hostOf(this), value, name);
    };
}

function attribute(host, value, name) {
    if (value === '' || value === null || value === undefined) {
        host.removeAttribute(name);
    } else {
        host.setAttribute(name, String(value));
    }
}

/* role, aria-label ... as WeChat hands them to the reader of the screen. */
function ariaProperties() {
    return Object.fromEntries(ARIA.map((name) => {
        const html = name === 'Role' ? 'role' : `aria-${name.toLowerCase()}`;

        return [`aria${name}`, { type: null, value: '', observer: reflect(html, attribute) }];
    }));
}

const FORM = {
    input: {
        properties: {
            value: {
                type: String,
                observer(value) {
                    const inner = innerOf(this);

                    if (inner && inner.value !== value) {
                        inner.value = value;
                    }
                }
            },
            type: {
                type: String,
                observer(value) {
                    innerOf(this).inputMode = { number: 'numeric', idcard: 'text' }[value] || 'text';
                }
            },
            password: {
                type: Boolean,
                observer(value) { innerOf(this).type = value ? 'password' : 'text'; }
            },
            placeholder: {
                type: String,
                observer(value) { innerOf(this).placeholder = value; }
            },
            placeholderClass: String,
            placeholderStyle: String,
            maxlength: {
                type: Number, value: 140,
                observer(value) { innerOf(this).maxLength = value; }
            },
            disabled: {
                type: Boolean,
                observer(value) { innerOf(this).disabled = value; }
            },
            focus: {
                type: Boolean,
                observer(value) { if (value) { innerOf(this).focus(); } }
            },
            confirmType: String, confirmHold: Boolean, adjustPosition: Boolean,
            cursorSpacing: Number, alwaysEmbed: Boolean, holdKeyboard: Boolean, name: String
        },
        attached() {
            const inner = innerOf(this);
            const tell = (name) => this.triggerEvent(name, {
                value: inner.value, cursor: inner.selectionStart
            });

            inner.addEventListener('input', (event) => {
                event.stopPropagation();    // the browser's own has no detail
                tell('input');
            });
            inner.addEventListener('focus', () => tell('focus'));
            inner.addEventListener('blur', () => tell('blur'));
            inner.addEventListener('keydown', (event) => {
                if (event.key === 'Enter') {
                    tell('confirm');
                }
            });
        }
    },
    image: {
        properties: {
            src: {
                type: String,
                observer(value) {
                    const inner = innerOf(this);

                    if (value) {
                        inner.src = fileUrl(value);
                    } else {
                        inner.removeAttribute('src');
                    }
                }
            },
            mode: {
                type: String,
                observer(value) {
                    innerOf(this).style.objectFit = { aspectFit: 'contain', aspectFill: 'cover' }[value] || 'fill';
                }
            },
            alt: String
        },
        attached() {
            const inner = innerOf(this);

            inner.addEventListener('load', () => this.triggerEvent('load', {
                width: inner.naturalWidth, height: inner.naturalHeight
            }));
            inner.addEventListener('error', () => this.triggerEvent('error', { errMsg: 'image' }));
        }
    },
    canvas: {
        properties: { type: String, canvasId: String, disableScroll: Boolean }
    },
    button: {
        properties: {
            disabled: {
                type: Boolean,
                observer(value) { hostOf(this).toggleAttribute('data-disabled', value); }
            },
            loading: Boolean, type: String, size: String, plain: Boolean, openType: String,
            hoverClass: String, formType: String
        },
        attached() {
            const host = hostOf(this);

            host.addEventListener('click', () => {
                if (this.data.openType === 'agreePrivacyAuthorization' && !this.data.disabled) {
                    window.wx.agreed();
                    this.triggerEvent('agreeprivacyauthorization', {});
                }
            });
        }
    },
    picker: {
        properties: {
            mode: String, start: String, end: String, disabled: Boolean,
            value: {
                type: String,
                observer(value) { innerOf(this).value = value; }
            }
        },
        attached() {
            const inner = innerOf(this);

            inner.type = 'date';
            inner.value = this.data.value;
            inner.addEventListener('change', (event) => {
                event.stopPropagation();
                this.triggerEvent('change', { value: inner.value });
            });
        }
    },
    'scroll-view': {
        properties: { scrollY: Boolean, scrollIntoView: String, enhanced: Boolean, showScrollbar: Boolean },
        attached() { hostOf(this).style.overflowY = 'auto'; }
    },
    'page-meta': {
        properties: {
            rootFontSize: {
                type: String,
                observer(value) {
                    if (value === 'system') {
                        document.documentElement.style.fontSize = `${window.wx.fontSize}px`;
                    }
                }
            },
            pageFontSize: String, pageStyle: String, backgroundColor: String,
            backgroundTextStyle: String, rootBackgroundColor: String,
            scrollTop: {
                type: String,
                observer(value) { if (value !== '') { scrollTo(0, Number.parseFloat(value)); } }
            }
        }
    },
    text: { properties: { selectable: Boolean, userSelect: Boolean, space: String, decode: Boolean } },
    view: {
        properties: { hoverClass: String, hoverStartTime: Number, hoverStayTime: Number }
    }
};

/* Observers that write into what stands inside wait until it is there. */
function patient(properties) {
    return Object.fromEntries(Object.entries(properties).map(([name, given]) => {
        const one = typeof given === 'function' ? { type: given } : { ...given };

        if (one.observer) {
            const { observer } = one;

            one.observer = function observe(value) {
                if (this.there) {
                    observer.call(this, value);
                }
            };
            one.observer.later = observer;
        }

        return [name, one];
    }));
}

export function defineTags(space, names, template) {
    for (const name of names) {
        const path = `built-in/${name}`;
        const { properties = {}, attached } = FORM[name] || {};
        const all = patient({ ...ariaProperties(), ...properties });

        space.addComponentStaticConfig(path, { component: true });
        space.addCompiledTemplate(path, template(path));
        space.componentEnv(path, ({ Component }) => Component({
            properties: all,
            lifetimes: {
                attached() {
                    this.there = true;

                    for (const [key, one] of Object.entries(all)) {
                        one.observer?.later.call(this, this.data[key]);
                    }

                    attached?.call(this);
                }
            }
        }));
    }
}
