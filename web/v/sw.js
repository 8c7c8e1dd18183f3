/*
 * Keeps the check page and the public keys on the device, so that a signed
 * statement can be proved without a network.  The network is asked first for
 * all of it, so what is kept is never older than the last visit; what the
 * service says of a certificate, and photos, go by untouched and are never
 * kept.
 */

const KEPT = 'membercert-check-1';
const TIME_MS = 4000;
const PAGE = '/v/';
const FILES = [PAGE, '/css/base.css', '/v/css/check.css', '/img/emblem.svg',
    ...['api', 'dom', 'keep', 'widgets/phone'].map((name) => `/js/${name}.js`),
    ...['check', 'file', 'frame', 'hash', 'main', 'pdf', 'result', 'statement', 'text', 'text-en',
        'text-zh'].map((name) => `/v/js/${name}.js`)];
const ANSWERS = ['/api/keys', '/api/site'];

/* Under one name, whatever follows the path. */
function nameOf(request) {
    const { origin, pathname } = new URL(request.url);
    const name = pathname === `${PAGE}index.html` ? PAGE : pathname;

    return request.method === 'GET' && origin === location.origin
        && (FILES.includes(name) || ANSWERS.includes(name)) ? name : null;
}

async function fresh(name) {
    const answer = await fetch(name, { cache: 'no-cache', signal: AbortSignal.timeout(TIME_MS) });

    if (answer.ok && !answer.redirected) {
        await (await caches.open(KEPT)).put(name, answer.clone());
    }

    return answer;
}

async function answerTo(name) {
    const kept = await caches.match(name, { cacheName: KEPT });

    try {
        const answer = await fresh(name);

        return answer.ok || !kept ? answer : kept;
    } catch {
        return kept || Response.error();
    }
}

async function install() {
    await (await caches.open(KEPT)).addAll(FILES.map((name) =>
        new Request(name, { cache: 'no-cache' })));
    await Promise.allSettled(ANSWERS.map(fresh));
}

async function activate() {
    const others = (await caches.keys()).filter((name) =>
        name.startsWith('membercert-check-') && name !== KEPT);

    await Promise.all(others.map((name) => caches.delete(name)));
    await clients.claim();
}

addEventListener('install', (event) => {
    skipWaiting();
    event.waitUntil(install());
});

addEventListener('activate', (event) => event.waitUntil(activate()));

addEventListener('fetch', (event) => {
    const name = nameOf(event.request);

    if (name) {
        event.respondWith(answerTo(name));
    }
});
