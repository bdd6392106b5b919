"""Every environment variable that the program reads, in words; docs/reference/settings.md is written from this."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Variable:
    """One variable: what holds without it, and what it says."""

    name: str
    default: str
    meaning: str


GROUPS: dict[str, tuple[Variable, ...]] = {
    "What kind of installation": (
        Variable(
            "WANGGE_PRODUCTION",
            "0",
            "1: real use. No demo, secure cookies, HSTS; keys are never made silently.",
        ),
        Variable(
            "WANGGE_DEMO",
            "1 unless production",
            "Whether an empty database is filled with the made-up district.",
        ),
        Variable(
            "WANGGE_SHOW_MESSAGES",
            "1 under wangge run",
            "1: in a demo, SMS and mail that nobody is set to carry are shown to everybody on a page.",
        ),
        Variable("WANGGE_DEBUG", "0", "1: Django's debug pages and full tracebacks. Ignored in production."),
        Variable("WANGGE_NAME", "", "The installation's name, shown in the heading of pages."),
        Variable(
            "WANGGE_PUBLIC_URL", "", "The address under which residents reach it, without a slash at the end."
        ),
        Variable("WANGGE_TIME_ZONE", "Asia/Shanghai", "The time zone of pages, calendars and case numbers."),
        Variable("WANGGE_LOG", "WARNING", "Level of the log on standard error: DEBUG, INFO, WARNING, ERROR."),
    ),
    "Where things lie": (
        Variable(
            "WANGGE_DATA", "var/ in the checkout", "Folder of the embedded database, the keys and the files."
        ),
        Variable(
            "WANGGE_SECRET_KEY_FILE",
            "secrets/secret_key in WANGGE_DATA",
            "File of the key that signs sessions.",
        ),
        Variable(
            "WANGGE_SEALING_KEY_FILE",
            "secrets/sealing_key in WANGGE_DATA",
            "File of the key that seals contacts.",
        ),
        Variable(
            "DATABASE_URL", "the embedded server", "postgresql://user:password@host:port/name?sslmode=…"
        ),
        Variable(
            "WANGGE_DATABASE_POOL",
            "0; threads under serve",
            "Most connections of each process; 0 keeps none open.",
        ),
    ),
    "Serving": (
        Variable("HOST", "127.0.0.1", "Address to listen on."),
        Variable("PORT", "8000", "Port to listen on."),
        Variable("WANGGE_WORKERS", "2", "Web processes; one for each processor core is a good number."),
        Variable("WANGGE_THREADS", "16", "Requests that each process answers at the same time."),
        Variable(
            "WANGGE_HOSTS", "every name; none in production", "Host names it answers to, separated by commas."
        ),
        Variable(
            "WANGGE_ORIGINS",
            "",
            "Origins whose forms are trusted, such as https://city.example, with commas.",
        ),
        Variable(
            "WANGGE_BEHIND_PROXY",
            "0",
            "1: believe X-Forwarded-Proto and the last X-Forwarded-For of our proxy.",
        ),
    ),
    "Signing in": (
        Variable(
            "WANGGE_IDLE_MINUTES", "30", "A session in which nothing happens ends after so many minutes."
        ),
        Variable("WANGGE_PASSWORD_DAYS", "90", "A password must be renewed after so many days."),
    ),
    "How often one address may do it (0: without limit)": (
        Variable(
            "WANGGE_ADDRESS_SEARCHES_PER_10_MINUTES",
            "600",
            "Searches for an address without an account, on the pages and by the API.",
        ),
        Variable("WANGGE_REPORTS_PER_HOUR", "30", "Reports by the residents' form."),
        Variable("WANGGE_ADDITIONS_PER_HOUR", "30", "Additions to one report."),
        Variable("WANGGE_BADGE_LOOKUPS_PER_10_MINUTES", "60", "Badges looked up by number, photos too."),
        Variable("WANGGE_SIGN_INS_PER_10_MINUTES", "20", "Failed attempts to sign in, whatever the names."),
    ),
    "Notices (a channel of which nothing is set is off)": (
        Variable(
            "WANGGE_NOTICES_PER_HOUR",
            "10",
            "Most single messages a colleague gets by one channel in an hour; more are told in a summary. 0: no limit.",
        ),
        Variable("WANGGE_NOTICES_PER_DAY", "40", "The same for a day."),
        Variable("WANGGE_EMAIL_HOST", "", "Name of the SMTP server that takes our mail."),
        Variable("WANGGE_EMAIL_PORT", "587", "Its port."),
        Variable("WANGGE_EMAIL_SECURITY", "starttls", "starttls, tls (mostly port 465) or none."),
        Variable("WANGGE_EMAIL_USER", "", "Name to sign in there; empty: without."),
        Variable(
            "WANGGE_EMAIL_PASSWORD",
            "",
            "The password. This and every other secret here may lie in a file: add _FILE to the name and give its path.",
        ),
        Variable("WANGGE_EMAIL_FROM", "", "The address our mail comes from."),
        Variable("WANGGE_SMS_KEY_ID", "", "AccessKey id of Aliyun SMS."),
        Variable("WANGGE_SMS_KEY_SECRET", "", "Its secret."),
        Variable("WANGGE_SMS_SIGN_NAME", "", "The registered name of the sender (签名)."),
        Variable(
            "WANGGE_SMS_TEMPLATES",
            "",
            "Which registered template says what: `reporter_filed=SMS_1,reporter_closed=SMS_2`; other notices are not sent.",
        ),
        Variable("WANGGE_SMS_ENDPOINT", "https://dysmsapi.aliyuncs.com", "Where the SMS interface is."),
        Variable("WANGGE_WECOM_CORP_ID", "", "Id of the organisation in WeCom (企业微信)."),
        Variable("WANGGE_WECOM_AGENT_ID", "", "Number of the application there."),
        Variable("WANGGE_WECOM_SECRET", "", "Its secret."),
        Variable("WANGGE_WECOM_ENDPOINT", "https://qyapi.weixin.qq.com", "Where the WeCom interface is."),
        Variable("WANGGE_WECHAT_APP_ID", "", "Id of the official account in WeChat (公众号)."),
        Variable("WANGGE_WECHAT_SECRET", "", "Its secret."),
        Variable("WANGGE_WECHAT_TEMPLATES", "", "Which registered template says what, as for SMS."),
        Variable("WANGGE_WECHAT_ENDPOINT", "https://api.weixin.qq.com", "Where the WeChat interface is."),
        Variable(
            "WANGGE_PUSH_KEY_FILE", "", "File of the P-256 private key (PEM) that signs web pushes (VAPID)."
        ),
        Variable("WANGGE_PUSH_CONTACT", "", "Whom a push service may write to: mailto: or https:// address."),
        Variable(
            "WANGGE_PUSH_HOSTS",
            "",
            "More push services than those of Google, Mozilla, Apple and Microsoft, with commas.",
        ),
    ),
    "Outside base map": (
        Variable(
            "WANGGE_BASE_MAP",
            "",
            "tianditu, an address with {z}, {x} and {y}, or one ending in .pmtiles (pictures); empty: none is asked.",
        ),
        Variable("WANGGE_BASE_MAP_KEY", "", "The key of that service; browsers are told it."),
        Variable("WANGGE_BASE_MAP_CREDIT", "", "Whose map it is, shown on the map."),
        Variable(
            "WANGGE_BASE_MAP_APPROVAL",
            "",
            "The number under which the map was approved (审图号), shown on the map.",
        ),
    ),
    "Territory and Open311": (
        Variable("WANGGE_GRID_CODE", r"\d{15}", "Pattern of a grid's code (regular expression)."),
        Variable(
            "WANGGE_PRINT_FONT",
            "",
            "A TrueType file (.ttf, .ttc) with Chinese characters that is put into PDFs; empty: the machine's, where it has one.",
        ),
        Variable("WANGGE_JURISDICTION", "", "The jurisdiction_id of Open311; empty accepts any."),
        Variable("WANGGE_CONTACT", "", "Whom to write to, shown by Open311 discovery."),
    ),
    "Development and tests": (
        Variable(
            "WANGGE_TRIAL_DATA", "../shared/data", "Folder of trial data; tests that need it skip without it."
        ),
        Variable("CHROMIUM", "found on PATH", "The Chromium that the journeys use."),
    ),
}

VARIABLES = tuple(variable for group in GROUPS.values() for variable in group)
