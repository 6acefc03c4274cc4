"""What counts as a right answer: one human judgement a topic, over the facts of the catalogue.

A speciality's name is also what people type («комп'ютерні науки»), so all its programmes are right answers to
it, whatever their own titles. For a profession, programmes are right whose speciality the catalogue names
first for it, but for F3, which is named for nearly everything: there the title decides.
"""

from tests.search.judgements.items import Topic, at, code, fact, leads_to, named, teaches, title

# Kinds, levels, ways of studying.
PROGRAMME, COURSE, TRACK = fact("kind", "programme"), fact("kind", "course"), fact("kind", "track")
BACHELOR, MASTER = fact("degree", "bachelor"), fact("degree", "master")
PHD, JUNIOR = fact("degree", "phd"), fact("degree", "junior_bachelor")
ONLINE = fact("format", "online")
PART_TIME, DISTANCE, DUAL = fact("form", "part_time"), fact("form", "distance"), fact("form", "dual")
FULL_TIME = fact("form", "full_time")
BUDGET, CONTRACT = PROGRAMME & fact("funding", "budget"), PROGRAMME & fact("funding", "contract")
FREE_COURSE = COURSE & fact("funding", "free")
FREE = fact("funding", "free", "state", "budget")
IN_ENGLISH, IN_UKRAINIAN = fact("language", "en"), fact("language", "uk")
VETERANS = TRACK | named("poltava-drones-dvv", "employment-service-uav") | title("ветеран")
FAMILIES = named("children-of-defenders", "zakhyst-women-khmelnytskyi", "nupass", "professional-adaptation",
                 "karazin-veterans-centre", "state-targeted-support")  # fmt: skip
INTERVIEW = named("interview-quota-1", "war-disability-interview", "masters-by-interview")
QUOTA_1 = fact("route", "quota_1") | named("interview-quota-1")
QUOTA_2 = fact("route", "quota_2")
NO_NMT = INTERVIEW | fact("route", "interview", "quota_1", "quota_2")
WITH_SHELTER = Topic(lambda item: item.shelter)
WOMEN = title("women|жінок")

# Cities.
KHARKIV, KYIV, LVIV, ODESA = (fact("city", name) for name in ("Харків", "Київ", "Львів", "Одеса"))
ZAPORIZHZHIA, RIVNE, TERNOPIL = (fact("city", name) for name in ("Запоріжжя", "Рівне", "Тернопіль"))
VINNYTSIA, SUMY, LUTSK = (fact("city", name) for name in ("Вінниця", "Суми", "Луцьк"))
CHERNIVTSI, UZHHOROD, ZHYTOMYR = (fact("city", name) for name in ("Чернівці", "Ужгород", "Житомир"))
KHMELNYTSKYI, FRANKIVSK = fact("city", "Хмельницький"), fact("city", "Івано-Франківськ")
KREMENCHUK, KRAMATORSK = fact("city", "Кременчук"), fact("city", "Краматорськ")
KROPYVNYTSKYI, KAMIANETS = fact("city", "Кропивницький"), fact("city", "Кам’янець-Подільський")

# Institutions.
NURE, KHPI, KHAI, KARAZIN = at("92"), at("104"), at("34"), at("62") | named("karazin-veterans-centre")
KPI, KNU, NAUKMA, KNEU, NUBIP = at("174"), at("41"), at("79"), at("337"), at("7")
DTEU, KSE, KAI, KROK, MDU = at("196"), at("3924"), at("7208"), at("318"), at("19")
LPNU, LNU, UCU, STEP_LVIV = at("97"), at("282"), at("244"), at("3846")
OP, ONTU, ZNU, ZP, HNPU = at("5754"), at("51"), at("73"), at("91"), at("57")
DONNU, VNAU, TNTU, TNPU, RSHU = at("246"), at("77"), at("166"), at("96"), at("40")
SUMDU, CHNU, UZHNU, PNU, KRNU = at("168"), at("61"), at("207"), at("341"), at("218")
KHMNU, LNTU, NUFT, NASOA, PSTU = at("138"), at("309"), at("47"), at("67"), at("42")
TSNTU, UNT, NTU = at("90"), at("1262"), at("24")

# Specialities.
MATHS, SE, CS, SYSTEMS = code("F1"), code("F2"), code("F3"), code("F4")
SECURITY, IST, CE = code("F5"), code("F6"), code("F7")
ELECTRONICS, MEASURING, AUTOMATION = code("G5"), code("G6"), code("G7")
PUBLISHING, BIOMEDICAL, ECONOMICS = code("G20"), code("G22"), code("C1")
TEACHER, VOCATIONAL = code("A4.09"), code("A5.39")

# Subjects: programmes by title or speciality, courses and tracks by what they teach.
SOFTWARE = SE | title("software engineering|програмн.. забезпечення") - named("prometheus-git")
PROGRAMMING = SE | title("програмуван|programming") | teaches("programming")
COMPUTER_SCIENCE = CS | title("computer science|комп.ютерн. наук|to cs and|your cs")
CYBER = SECURITY | title("кібербезпек|cyber ?security|безпек|захист\\w* інформац") | teaches("cybersecurity")
INFOSEC = CYBER | teaches("cyber-hygiene")
AI = title("інтелект|artificial|\\bai\\b|\\bgenai\\b|\\bllm\\b") | teaches(
    "artificial-intelligence", "generative-ai", "machine-learning", "deep-learning"
)
ML = teaches("machine-learning", "deep-learning", "mlops", "artificial-intelligence") | title(
    "інтелект|artificial"
)
LLM = teaches("generative-ai")
DATA = title("data|аналі\\w* даних|аналітик\\w* даних|науки про дані|великих даних") | teaches(
    "data-analysis", "data-visualisation", "data-engineering"
)
DATA_SCIENCE = DATA | SYSTEMS | teaches("machine-learning", "statistics") | leads_to("data-scientist")
GAMES = title("ігор|ігров|\\bgames?\\b|unity") | teaches("game-development")
ROBOTS = AUTOMATION | title("робот") | teaches("embedded-robotics") | leads_to("robotics-engineer")
DRONES = teaches("uav") | title("дрон|безпілот|drone")
DESIGN = title("дизайн|ui/ux|графік|design|мультимедіа|creative") | teaches("ui-design", "graphic-design")
MOBILE = title("мобільн|android") | teaches("mobile-development")
IOT = title("інтернет\\w* речей|internet of things")
NETWORKS = title("мереж|network") | teaches("networks")
EMBEDDED = title("вбудован|embedded") | teaches("embedded-robotics")
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
MARKETING = title("маркетинг")
MODELLING = title("моделюван")
COMPUTER_SYSTEMS = title("комп.?ютерн\\w* систем|computer systems")
INFORMATION_SYSTEMS = IST | title("інформаційн\\w* (управляючі |і \\w+ )?систем|інформаційн\\w* технолог")
MEDIA = title("мультимедіа|мультимедійн|медіаінженерія|media")
PRINTING = PUBLISHING | title("поліграф|видавн")
DESIGN_IT = title("інформаційні технології про[єе]кт")
SMART = title("інтелектуальн\\w* систем|смарт|intelligent")
DATA_MINING = title("інтелектуальний аналіз даних")
PYTHON = teaches("python") | title("python")
JAVA = teaches("java") | title("\\bjava\\b")
JAVASCRIPT = teaches("javascript", "typescript") | title("javascript")
REACT = teaches("react") | title("react|next.js")
CSHARP = teaches("csharp-dotnet")
C_CPP = teaches("c-cpp")
SQL = teaches("databases-sql", "nosql") | title("database|\\bsql\\b|mongo")
LINUX = teaches("linux", "command-line") | title("linux")
GIT = teaches("git") | title("\\bgit\\b|github")
DOCKER = teaches("containers") | title("docker|kubernetes")
DEVOPS = teaches("devops", "containers", "mlops", "infrastructure-as-code") | title("devops")
CLOUD = teaches("cloud")
HTML = teaches("html-css") | title("html")
FRONTEND = teaches("frontend", "html-css", "javascript", "react") | title("front-?end")
WEB = teaches("web-development", "frontend", "backend", "html-css", "javascript", "react") | title(
    "\\bweb\\b"
)
QA = teaches("testing", "test-automation") | title("\\bqa\\b")
ENGLISH = teaches("english")
VOUCHER = title("ваучер|voucher")
WINTER = named("winter-admission")
ORIENTATION = teaches("it-orientation")
BASICS = teaches("computer-basics", "it-orientation", "cyber-hygiene")
CS50 = title("cs50")
HARVARD, HELSINKI = title("cs50"), named("full-stack-open", "devops-with-docker", "helsinki-python-mooc",
                                         "helsinki-java", "helsinki-cyber-security-base", "elements-of-ai")  # fmt: skip

# Professions.
DEVELOPER = SE | title("програмуван|programming") | leads_to("software-developer")
WEB_DEVELOPER = WEB | SE | leads_to("web-developer")
TESTER = QA | SE | leads_to("qa-tester")
DESIGNER = DESIGN | SE | leads_to("interface-designer")
GAME_MAKER = GAMES | SE | leads_to("game-designer")
SECURITY_ANALYST = CYBER | leads_to("security-analyst")
SYSADMIN = CE | LINUX | NETWORKS | leads_to("system-administrator")
NETWORK_ENGINEER = CE | NETWORKS | ELECTRONICS | leads_to("network-architect")
DEVOPS_ENGINEER = DEVOPS | CLOUD | LINUX | leads_to("systems-engineer")
DATA_SCIENTIST = DATA_SCIENCE | AI
DATA_ANALYST = DATA | SYSTEMS | title("аналіти") | leads_to("data-analyst")
SYSTEM_ANALYST = SYSTEMS | title("системн\\w+ аналіз") | leads_to("systems-analyst")
PROJECT_MANAGER = IT_MANAGEMENT | IST
DBA = IST | SQL | leads_to("database-administrator")
ROBOT_ENGINEER = ROBOTS
HARDWARE = CE | ELECTRONIC | EMBEDDED
SUPPORT = IST | leads_to("support-specialist") | teaches("computer-basics", "user-support")
FRONTEND_DEVELOPER = WEB_DEVELOPER
