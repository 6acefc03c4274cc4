"""A small catalogue as real as the portal's: programmes of six institutions, courses, veterans' tracks."""

from applicant_portal.catalogue.naming import sort_key
from search.schema import CLOSED, RUNNING, UNVERIFIED, Document

F1, F2, F3, F4, F5, F6, F7 = (f"F{number}" for number in range(1, 8))
NAMES = {
    F1: ("113", "Прикладна математика", "Applied Mathematics"),
    F2: ("121", "Інженерія програмного забезпечення", "Software Engineering"),
    F3: ("122", "Комп’ютерні науки", "Computer Science"),
    F4: ("124", "Системний аналіз та наука про дані", "Systems Analysis and Data Science"),
    F5: ("125", "Кібербезпека та захист інформації", "Cybersecurity and Information Protection"),
    F6: ("126", "Інформаційні системи і технології", "Information Systems and Technologies"),
    F7: ("123", "Комп’ютерна інженерія", "Computer Engineering"),
}
PLACES = {
    "103": ("ХНУРЕ", "Харківський національний університет радіоелектроніки", "Харків", "Харківська область"),
    "104": ("НТУ «ХПІ»", "Харківський політехнічний інститут", "Харків", "Харківська область"),
    "105": ("ХНУ", "Харківський національний університет імені Каразіна", "Харків", "Харківська область"),
    "106": ("КПІ", "Київський політехнічний інститут", "Київ", "м. Київ"),
    "107": ("ЛП", "Національний університет «Львівська політехніка»", "Львів", "Львівська область"),
    "108": ("ДНУ", "Дніпровський національний університет", "Дніпро", "Дніпропетровська область"),
}

# (institution, title, English title, speciality, degree, forms, price, score, rank, days since 1970)
_PROGRAMMES: tuple[
    tuple[str, str, str | None, str, str, tuple[str, ...], int | None, float | None, int, int], ...
] = (
    ("103", "Кібербезпека", "Cybersecurity", F5, "bachelor", ("full_time",), 50000, 171.5, RUNNING, 20400),
    ("103", "Програмна інженерія", "Software Engineering", F2, "bachelor", ("full_time", "part_time"), 52000,
     175.25, RUNNING, 20390),
    ("103", "Комп’ютерні науки", "Computer Science", F3, "bachelor", ("full_time",), 48000, None, RUNNING,
     20380),
    ("103", "Штучний інтелект", "Artificial Intelligence", F3, "bachelor", ("full_time",), 53000, 180.0,
     UNVERIFIED, 20370),
    ("103", "Комп’ютерна інженерія", "Computer Engineering", F7, "bachelor", ("full_time",), 41000, 155.0,
     RUNNING, 20100),
    ("103", "Безпека мереж", None, F5, "master", ("full_time",), None, None, CLOSED, 19000),
    ("104", "Інженерія програмного забезпечення", "Software Engineering", F2, "bachelor", ("full_time",),
     40000, 165.0, RUNNING, 20300),
    ("104", "Кібербезпека", "Cybersecurity", F5, "master", ("full_time",), None, None, RUNNING, 20200),
    ("104", "Комп’ютерні науки та інтелектуальні системи", None, F3, "bachelor", ("full_time", "dual"), 39000,
     160.5, UNVERIFIED, 20150),
    ("104", "Розподілені програмні системи", None, F3, "master", ("full_time",), None, None, UNVERIFIED, 0),
    ("104", "Системний аналіз і управління", None, F4, "bachelor", ("full_time",), 38000, 150.0, RUNNING,
     20000),
    ("105", "Інженерія програмного забезпечення", None, F2, "master", ("full_time",), 45000, None, CLOSED,
     18000),
    ("105", "Прикладна математика", "Applied Mathematics", F1, "bachelor", ("full_time",), 30000, 149.0,
     RUNNING, 20010),
    ("105", "Кібербезпека комп’ютерних систем", None, F5, "bachelor", ("full_time",), 46000, 168.0,
     UNVERIFIED, 20020),
    ("105", "Штучний інтелект та аналіз даних", None, F4, "master", ("distance",), 47000, None, UNVERIFIED,
     20030),
    ("106", "Інженерія програмного забезпечення комп’ютерних систем", "Software Engineering of Computers",
     F2, "bachelor", ("full_time",), 60000, 189.0, RUNNING, 20410),
    ("106", "Системи і методи штучного інтелекту", None, F3, "bachelor", ("full_time",), 61000, 190.5,
     RUNNING, 20405),
    ("106", "Системи технічного захисту інформації", None, F5, "bachelor", ("full_time",), 55000, 172.0,
     UNVERIFIED, 20050),
    ("106", "Інформаційні управляючі системи", None, F6, "phd", ("evening",), None, None, RUNNING, 20060),
    ("107", "Комп’ютерні науки", "Computer Science", F3, "bachelor", ("full_time",), 58000, 185.0, RUNNING,
     20402),
    ("107", "Кібербезпека", None, F5, "bachelor", ("full_time", "part_time"), 57000, 179.0, RUNNING, 20401),
    ("107", "Інтернет речей", "Internet of Things", F6, "bachelor", ("full_time",), 44000, 158.0, UNVERIFIED,
     20070),
    ("108", "Комп’ютерна інженерія", None, F7, "bachelor", ("full_time",), 35000, 140.0, UNVERIFIED, 20080),
    ("108", "Ґрунтовні основи інформатики", None, F3, "bachelor", ("part_time",), 20000, 135.0, UNVERIFIED,
     20090),
)  # fmt: skip

# (title, English title, provider, city, format, price, skills, summary, rank)
_COURSES: tuple[
    tuple[str, str | None, str, str | None, str, int | None, tuple[str, ...], str, int], ...
] = (
    ("Основи програмування на Python", "Python Basics", "Prometheus", None, "online", 0, ("Python",),
     "Перші програми для тих, хто ще не писав коду.", RUNNING),
    ("Тестування програмного забезпечення", "Software Testing", "QATestLab", None, "online", 9000,
     ("тестування", "QA"), "Робота тестувальника від першого дня.", RUNNING),
    ("Розробка ігор на Unity", "Game Development", "GameHub", "Київ", "blended", 24000, ("C#", "Unity"),
     "Відеоігри від задуму до магазину.", UNVERIFIED),
    ("Фронтенд", "Frontend", "Mate", None, "online", 18000, ("JavaScript", "CSS"),
     "Верстання і сценарії вебсторінок.", RUNNING),
    ("Мова Java", "Java", "EPAM", "Харків", "on_site", 15000, ("Java",), "Серверні застосунки.", CLOSED),
    ("C++ для вбудованих систем", "C++ for Embedded Systems", "GlobalLogic", "Львів", "on_site", None,
     ("C++",), "Прошивки і мікроконтролери.", RUNNING),
    ("Мова C", "The C Language", "GlobalLogic", "Львів", "on_site", 7000, ("C",), "Покажчики і пам’ять.",
     UNVERIFIED),
    ("Кібергігієна", "Cyber Hygiene", "Дія.Освіта", None, "online", 0, ("кібербезпека",),
     "Паролі, фішинг і захист телефону.", RUNNING),
    ("Аналіз даних", "Data Analysis", "Prometheus", None, "online", 0, ("SQL", "Python"),
     "Таблиці, запити і графіки.", RUNNING),
    ("Адміністрування мереж Cisco", "Cisco Networking", "Cisco", "Харків", "blended", 12000, ("мережі",),
     "Маршрутизація і комутація.", RUNNING),
)  # fmt: skip

_TRACKS = (
    ("Ваучер на навчання", "Training voucher", "Державна служба зайнятості", "state",
     "Держава оплачує навчання ветеранів за ІТ-спеціальностями.", RUNNING),
    ("Ветерани в ІТ", "Veterans in IT", "Beetroot Academy", "free",
     "Курси програмування і тестування для ветеранів.", UNVERIFIED),
    ("Безпілотні системи", "Unmanned systems", "Фонд", "free", "Перенавчання операторів.", RUNNING),
    ("Перша лінія підтримки", None, "Компанія", "free", "Технічна підтримка і мережі.", CLOSED),
    ("Кіберзахист для ветеранів", "Cyber defence", "Академія", "state",
     "Захист мереж; після програми допомагають із роботою.", RUNNING),
    ("Цифрові навички", "Digital skills", "Дія", "free", "Комп’ютерна грамотність.", UNVERIFIED),
)  # fmt: skip


def catalogue() -> list[Document]:
    """Forty documents: 24 programmes, 10 courses, 6 tracks."""
    documents = [_programme(number, *row) for number, row in enumerate(_PROGRAMMES, 1)]
    documents += [_course(number, *row) for number, row in enumerate(_COURSES, 1)]
    for number, (title, title_en, organiser, funding, summary, rank) in enumerate(_TRACKS, 1):
        documents.append(
            Document(
                id=f"t-{number}",
                kind="track",
                title=title,
                title_en=title_en,
                title_key=sort_key(title),
                names=("ветеранам перенавчання", organiser),
                summary=summary,
                rank=rank,
                freshness=20000 + number,
                facets={"kind": ("track",), "status": (_STATUS[rank],), "funding": (funding,)},
                payload={"id": f"t-{number}", "title": title},
            )
        )
    return documents


_STATUS = {RUNNING: "running", UNVERIFIED: "unverified", CLOSED: "closed"}


def _programme(
    number: int,
    institution: str,
    title: str,
    title_en: str | None,
    code: str,
    degree: str,
    forms: tuple[str, ...],
    price: int | None,
    score: float | None,
    rank: int,
    freshness: int,
) -> Document:
    short, name, city, region = PLACES[institution]
    old, speciality, speciality_en = NAMES[code]
    return Document(
        id=f"p-{number}",
        kind="programme",
        title=title,
        title_en=title_en,
        title_key=sort_key(title),
        names=("програма", short, name, city, code, old, speciality, speciality_en),
        skills=("Python",) if code == F3 else (),
        facets={
            "kind": ("programme",),
            "institution": (institution,),
            "city": (city,),
            "region": (region,),
            "speciality": (code,),
            "degree": (degree,),
            "form": forms,
            "status": (_STATUS[rank],),
            "shelter": ("yes",) if institution == "103" else ("unknown",),
        },
        rank=rank,
        freshness=freshness,
        price=price,
        score=score,
        payload={"id": f"p-{number}", "title": title, "city": city},
    )


def _course(
    number: int,
    title: str,
    title_en: str | None,
    provider: str,
    city: str | None,
    format_: str,
    price: int | None,
    skills: tuple[str, ...],
    summary: str,
    rank: int,
) -> Document:
    facets: dict[str, tuple[str, ...]] = {
        "kind": ("course",),
        "format": (format_,),
        "status": (_STATUS[rank],),
        "funding": ("unknown",) if price is None else ("paid",) if price else ("free",),
    }
    if city is not None:
        facets["city"] = (city,)
    return Document(
        id=f"c-{number}",
        kind="course",
        title=title,
        title_en=title_en,
        title_key=sort_key(title),
        names=("курс", provider),
        skills=skills,
        summary=summary,
        facets=facets,
        rank=rank,
        freshness=20200 + number,
        price=price,
        payload={"id": f"c-{number}", "title": title},
    )
