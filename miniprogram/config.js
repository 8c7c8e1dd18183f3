/* What an institute sets before it uploads the mini program (README.md). */

export const config = {
    /* The site that serves the module: "https://" and a host, nothing behind.
     * The host stands in the list of request and downloadFile domains. */
    origin: '',

    /* Where "location" of the module begins. */
    prefix: '/api/',

    /* Shown until the site has answered; after that its own. */
    hotline: '010-88250337/0338'
};
