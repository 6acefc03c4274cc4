"""What counts as a right answer: one human judgement a topic, over the facts of the catalogue.

A speciality's name is also what people type («комп'ютерні науки»), so all its programmes are right answers to
it, whatever their own titles. For a profession, programmes are right whose speciality the catalogue names
first for it, but for F3, which is named for nearly everything: there the title decides.
"""

from tests.search.judgements.items import Topic, at, code, fact, leads_to, named, teaches, title

# Kinds, levels, ways of studying.
PROGRAMME, COURSE, TRACK = fact("kind", "programme"), fact("kind", "course"), fact("kind", "track")
BACHELOR = fact("degree", "bachelor") | title("бакалаврат")
MASTER = fact("degree", "master") | title("магістратур")
PHD, JUNIOR = fact("degree", "phd"), fact("degree", "junior_bachelor")
ONLINE = fact("format", "online")
PART_TIME, DISTANCE, DUAL = fact("form", "part_time"), fact("form", "distance"), fact("form", "dual")
BUDGET = fact("funding", "budget") | title("бюджет")
CONTRACT = fact("funding", "contract")
FREE_COURSE = COURSE & fact("funding", "free")
FREE = fact("funding", "free", "state", "budget")
IN_ENGLISH, IN_UKRAINIAN = fact("language", "en"), fact("language", "uk")
VETERANS = TRACK | named("poltava-drones-dvv", "employment-service-uav") | title("ветеран")
FAMILIES = named("children-of-defenders", "zakhyst-women-khmelnytskyi", "nupass", "professional-adaptation",
                 "karazin-veterans-centre", "state-targeted-support")  # fmt: skip
INTERVIEW = named("interview-quota-1", "war-disability-interview", "masters-by-interview")
NO_NMT = INTERVIEW | fact("route", "interview", "quota_1", "quota_2")
WITH_SHELTER = Topic(lambda item: item.shelter)
WOMEN = title("women|жінок")

# Cities.
KHARKIV, KYIV, LVIV, ODESA = (fact("city", name) for name in ("Харків", "Київ", "Львів", "Одеса"))
ZAPORIZHZHIA, RIVNE, TERNOPIL = (fact("city", name) for name in ("Запоріжжя", "Рівне", "Тернопіль"))
VINNYTSIA, SUMY, LUTSK = (fact("city", name) for name in ("Вінниця", "Суми", "Луцьк"))
CHERNIVTSI, UZHHOROD, ZHYTOMYR = (fact("city", name) for name in ("Чернівці", "Ужгород", "Житомир"))
FRANKIVSK = fact("city", "Івано-Франківськ")
KROPYVNYTSKYI, KAMIANETS = fact("city", "Кропивницький"), fact("city", "Кам’янець-Подільський")
KHMELNYTSKYI, KREMENCHUK = fact("city", "Хмельницький"), fact("city", "Кременчук")
KRAMATORSK, DROHOBYCH = fact("city", "Краматорськ"), fact("city", "Дрогобич")

# Institutions.
NURE, KHPI, KHAI, KARAZIN = at("92"), at("104"), at("34"), at("62") | named("karazin-veterans-centre")
KPI, KNU, NAUKMA, NUBIP = at("174"), at("41"), at("79"), at("7")
DTEU, KSE, KAI = at("196"), at("3924"), at("7208")
LPNU, LNU, UCU = at("97"), at("282"), at("244")
OP, ZP, HNPU = at("5754"), at("91"), at("57")
TNTU = at("166")
NASOA = at("67")
KNEU, KROK, NUFT, DONNU = at("337"), at("318"), at("47"), at("246")
ZNU, RSHU, CHNU, UZHNU, SUMDU = at("73"), at("40"), at("61"), at("207"), at("168")

# Specialities.
MATHS, SE, CS, SYSTEMS = code("F1"), code("F2"), code("F3"), code("F4")
SECURITY, IST, CE = code("F5"), code("F6"), code("F7")
ELECTRONICS, AUTOMATION = code("G5"), code("G7")
PUBLISHING, BIOMEDICAL = code("G20"), code("G22")
TEACHER = code("A4.09")
ECONOMICS, MEASURING, VOCATIONAL = code("C1"), code("G6"), code("A5.39")

# Subjects: programmes by title or speciality, courses and tracks by what they teach.
SOFTWARE = SE | title("software engineering|програмне забезпечення")
PROGRAMMING = SE | title("програмуван|programming") | teaches("programming")
COMPUTER_SCIENCE = CS | title("computer science|компютерн\\w+ наук|to cs and|your cs")
CYBER = SECURITY | title("кібербезпек|cyber ?security|безпек|захист\\w* інформац") | teaches("cybersecurity")
INFOSEC = CYBER | teaches("cyber-hygiene")
AI = title("інтелект|artificial|\\bai\\b|\\bgenai\\b|\\bllm\\b") | teaches(
    "artificial-intelligence", "generative-ai", "machine-learning", "deep-learning"
)
ML = teaches("machine-learning", "deep-learning", "mlops", "artificial-intelligence") | title(
    "інтелект|artificial"
)
DATA = title(
    "data (sci|eng|vis)|big data|аналі\\w* даних|аналітик\\w* даних|науки про дані|великих даних"
) | teaches("data-analysis", "data-visualisation", "data-engineering")
DATA_SCIENCE = DATA | SYSTEMS | teaches("machine-learning", "statistics") | leads_to("data-scientist")
GAMES = title("ігор|ігров|\\bgames?\\b|unity") | teaches("game-development")
ROBOTS = AUTOMATION | title("робот") | teaches("embedded-robotics") | leads_to("robotics-engineer")
DRONES = teaches("uav") | title("дрон|безпілот|drone")
DESIGN = title("дизайн|ui/ux|графік|design|мультимедіа|creative") | teaches("ui-design", "graphic-design")
MOBILE = title("мобільн|android") | teaches("mobile-development")
IOT = title("інтернет\\w* речей|internet of things")
NETWORKS = title("мереж|network") | teaches("networks")
ELECTRONIC = ELECTRONICS | title("електрон") | teaches("electronics")
VIRTUAL = title("віртуальн|virtual")
INFORMATICS = title("інформатик|informatics") | TEACHER
SYSTEM_ANALYSIS = SYSTEMS | title("системн\\w+ аналіз")
ECONOMIC_CYBER = title("економічна кібернетика|economic cyber")
DIGITAL_ECONOMY = title("цифрова економіка|economics and big data") | ECONOMIC_CYBER
IT_MANAGEMENT = title("управління іт|управління кібер|інформаційні технології управління") | leads_to(
    "it-project-manager"
)
BUSINESS_ANALYSIS = title("бізнес-аналіт") | SYSTEMS | leads_to("data-analyst", "systems-analyst")
MODELLING = title("моделюван")
COMPUTER_SYSTEMS = title("компютерн\\w* систем|computer systems")
INFORMATION_SYSTEMS = IST | title("інформаційн\\w* (управляючі |і \\w+ )?систем|інформаційн\\w* технолог")
MEDIA = title("мультимедіа|мультимедійн|медіаінженерія|media")
PRINTING = PUBLISHING | title("поліграф|видавн")
SMART = title("інтелектуальн\\w* систем|смарт|intelligent")
DATA_MINING = title("інтелектуальний аналіз даних")
PYTHON = teaches("python") | title("python")
JAVA = teaches("java") | title("\\bjava\\b")
JAVASCRIPT = teaches("javascript", "typescript") | title("javascript")
SQL = teaches("databases-sql", "nosql") | title("database|\\bsql\\b|mongo")
LINUX = teaches("linux", "command-line") | title("linux")
DOCKER = teaches("containers") | title("docker|kubernetes")
DEVOPS = teaches("devops", "containers", "mlops", "infrastructure-as-code") | title("devops")
CLOUD = teaches("cloud")
FRONTEND = teaches("frontend", "html-css", "javascript", "react") | title("front-?end")
WEB = teaches("web-development", "frontend", "backend", "html-css", "javascript", "react") | title(
    "\\bweb\\b"
)
QA = teaches("testing", "test-automation") | title("\\bqa\\b")
VOUCHER = title("ваучер|voucher")
ORIENTATION = teaches("it-orientation")
BASICS = teaches("computer-basics", "it-orientation", "cyber-hygiene")
GIT = teaches("git") | title("\\bgit")
REACT = teaches("react") | title("react|next\\.js")
CSHARP = teaches("csharp-dotnet") | title("c#")
LANGUAGE_MODELS = teaches("generative-ai") | title("\\bllm\\b|\\bai agents\\b")
CYBER_HYGIENE = teaches("cyber-hygiene")
EMBEDDED = title("вбудован|embedded|спеціалізовані компютерні системи|кіберфізичн") | teaches(
    "embedded-robotics"
)
TELECOM = ELECTRONICS | title("комунікаці|радіотехн|мережна інженерія")
FINANCE = title("фінансовий інжиніринг")
QUANTUM = title("квантов")
# Courses that say they are for beginners, by their title or by whom they are for.
BEGINNERS = COURSE & (
    title("beginn|початківц|основи|\\bintro|fundamentals|essentials|getting started|^learn |знайомство")
    | teaches("it-orientation", "computer-basics")
    | named(
        "prometheus-cs50",
        "python-eolymp",
        "kpi-python-textbook",
        "helsinki-python-mooc",
        "github-introduction",
        "binary-studio-academy-2026",
        "elements-of-ai",
    )
)
RETRAINING = ORIENTATION | named("training-voucher", "professional-adaptation", "free-vocational-training",
                                 "it-generation", "nupass")  # fmt: skip
DISPLACED = named("training-voucher", "projector-foundation-women", "winter-admission")
PROMETHEUS = named("prometheus-python", "prometheus-java", "prometheus-cs50", "prometheus-linux",
                   "prometheus-kubernetes", "prometheus-git", "narodnyi-dron")  # fmt: skip

# Professions.
DEVELOPER = SE | title("програмуван|programming") | leads_to("software-developer")
WEB_DEVELOPER = WEB | SE | leads_to("web-developer")
TESTER = QA | SE | leads_to("qa-tester")
DESIGNER = DESIGN | SE | leads_to("interface-designer")
GAME_MAKER = GAMES | SE | leads_to("game-designer")
SECURITY_ANALYST = CYBER | leads_to("security-analyst")
SYSADMIN = CE | LINUX | NETWORKS | leads_to("system-administrator")
DEVOPS_ENGINEER = DEVOPS | CLOUD | LINUX | leads_to("systems-engineer")
DATA_SCIENTIST = DATA_SCIENCE | AI
DATA_ANALYST = DATA | SYSTEMS | title("аналіти") | leads_to("data-analyst")
PROJECT_MANAGER = IT_MANAGEMENT | IST
DBA = IST | SQL | leads_to("database-administrator")
ROBOT_ENGINEER = ROBOTS
SYSTEMS_ANALYST = SYSTEM_ANALYSIS | leads_to("systems-analyst")
NETWORK_ENGINEER = NETWORKS | CE | leads_to("network-architect")
HARDWARE_ENGINEER = ELECTRONIC | CE | EMBEDDED | leads_to("hardware-engineer")
SUPPORT = IST | teaches("computer-basics") | leads_to("support-specialist")
MOBILE_DEVELOPER = MOBILE | SE
