'use strict';

/*
 * The demo of ./run in a folder and on a port of its own: nginx with the
 * module built in build/, ended by its process id.
 */

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');

const TOP = path.resolve(__dirname, '../../..');
const ENV = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
const WAIT_MS = 10000;

function freePort() {
    return new Promise((resolve, reject) => {
        const server = net.createServer();

        server.on('error', reject);
        server.listen(0, '127.0.0.1', () => {
            const { port } = server.address();

            server.close(() => resolve(port));
        });
    });
}

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

async function until(holds, what) {
    for (const end = Date.now() + WAIT_MS; Date.now() < end; await pause(50)) {
        if (await holds()) {
            return;
        }
    }

    throw new Error(`waited too long for ${what}`);
}

function alive(pid) {
    try {
        process.kill(pid, 0);

        return true;
    } catch {
        return false;
    }
}

class Demo {
    async start() {
        this.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'membercert-web-'));
        fs.chmodSync(this.dir, 0o755);    // the workers are another user
        this.port = await freePort();
        this.url = `http://127.0.0.1:${this.port}`;
        execFileSync(path.join(TOP, 'tools/demo/make'), [this.dir, String(this.port)],
            { env: ENV, stdio: 'pipe' });
        this.checkOften();
        this.startNginx();
        await until(() => this.answers(), 'nginx');
    }

    /* All that these tests check comes from one address. */
    checkOften() {
        const lines = fs.readFileSync(this.file('nginx.conf'), 'utf8').split('\n')
            .filter((line) => !/^\s*membercert_verify\s/.test(line));
        const at = lines.findIndex((line) => /^\s*membercert_store\s/.test(line));

        lines.splice(at, 0, '        membercert_verify limit=10000/10m;');
        fs.writeFileSync(this.file('nginx.conf'), lines.join('\n'));
    }

    startNginx() {
        execFileSync('nginx', ['-p', this.dir, '-c', 'nginx.conf', '-e', this.file('error.log')],
            { env: ENV, stdio: 'pipe' });
    }

    /* Another nginx.conf from now on; "provider" is who compares then. */
    async configure(conf, provider) {
        fs.writeFileSync(this.file('nginx.conf'), conf);
        execFileSync('nginx', ['-p', this.dir, '-c', 'nginx.conf', '-e', this.file('error.log'),
            '-s', 'reload'], { env: ENV, stdio: 'pipe' });
        await until(async () => {
            const answer = await fetch(`${this.url}/api/site`, { headers: { Connection: 'close' } });

            return answer.ok && (await answer.json()).compare.provider === provider;
        }, `the provider ${provider}`);
    }

    async answers() {
        try {
            return (await fetch(`${this.url}/api/site`)).ok;
        } catch {
            return false;
        }
    }

    file(name) {
        return path.join(this.dir, name);
    }

    /* Process ids of the workers that take connections. */
    workers() {
        const master = fs.readFileSync(this.file('nginx.pid'), 'utf8').trim();

        return execFileSync('ps', ['-o', 'pid=,args=', '--ppid', master], { encoding: 'utf8' })
            .split('\n').filter((line) => /worker process\s*$/.test(line))
            .map((line) => parseInt(line, 10));
    }

    /* Answers when other workers have taken over. */
    async reload(conf) {
        const before = this.workers();

        fs.writeFileSync(this.file('nginx.conf'), conf);
        execFileSync('nginx', ['-p', this.dir, '-c', 'nginx.conf', '-e', this.file('error.log'),
            '-s', 'reload'], { env: ENV, stdio: 'pipe' });
        await until(() => {
            const now = this.workers();

            return now.length && !now.some((pid) => before.includes(pid));
        }, 'other workers');
    }

    /* With "line" in place of the server's directive of that name while
     * "body" runs. */
    async with(line, body) {
        const conf = fs.readFileSync(this.file('nginx.conf'), 'utf8');
        const [name] = line.split(' ');
        const others = conf.split('\n').filter((one) => !one.trim().startsWith(`${name} `));
        const at = others.findIndex((one) => one.includes('membercert_store '));

        others.splice(at, 0, `        ${line}`);
        await this.reload(others.join('\n'));

        try {
            await body();
        } finally {
            await this.reload(conf);
        }
    }

    /* The messages that left so far, oldest first (membercert_outbox file:). */
    messages() {
        const dir = this.file('outbox');

        return !fs.existsSync(dir) ? [] : fs.readdirSync(dir)
            .filter((name) => name.endsWith('.json'))
            .map((name) => path.join(dir, name))
            .map((name) => [fs.statSync(name).mtimeMs, JSON.parse(fs.readFileSync(name, 'utf8'))])
            .sort(([a], [b]) => a - b).map(([, message]) => message);
    }

    /* The first message to "to" beyond those there before. */
    async message(to, before) {
        let found = null;

        await until(() => {
            found = this.messages().find((one) => one.to === to
                && !before.some(({ id }) => id === one.id));

            return found;
        }, `a message to ${to}`);

        return found;
    }

    ctl(...words) {
        return execFileSync(path.join(TOP, 'build/membercertctl'),
            ['-c', this.file('nginx.conf'), ...words], { env: ENV, encoding: 'utf8' });
    }

    /* Ids of the photos an officer has to look at. */
    waitingPhotos() {
        return this.ctl('photo', 'list', '--state', 'review').split('\n')
            .map((line) => line.trim().split(/\s+/)[0]).filter((word) => /^\d+$/.test(word));
    }

    /* A portrait of the house's generator: one more picture to upload. */
    portrait(person, ...options) {
        return execFileSync(path.join(TOP, 'build/portrait'), [...options, String(person)],
            { maxBuffer: 1 << 24 });
    }

    /* What the error log holds besides notices. */
    complaints() {
        return fs.readFileSync(this.file('error.log'), 'utf8').split('\n')
            .filter((line) => /\[(warn|error|crit|alert|emerg)\]/.test(line));
    }

    async stop() {
        if (!this.dir) {
            return;
        }

        const pidFile = this.file('nginx.pid');

        if (fs.existsSync(pidFile)) {
            const pid = Number(fs.readFileSync(pidFile, 'utf8'));

            process.kill(pid, 'SIGQUIT');
            await until(() => !alive(pid), `process ${pid} to end`);
        }

        fs.rmSync(this.dir, { recursive: true, force: true });
        this.dir = null;
    }
}

module.exports = { Demo, TOP };
