"""Files of listings on screen: upload, what is wrong line by line, the difference, publishing and undoing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, cast

from fastapi import APIRouter, File, Form, Request, UploadFile
from sqlalchemy.orm import Session
from starlette.background import BackgroundTask
from starlette.responses import Response

from applicant_portal.accounts import queries
from applicant_portal.accounts.actor import Actor
from applicant_portal.accounts.state import missing
from applicant_portal.catalogue.models import Institution
from applicant_portal.catalogue.naming import clean
from applicant_portal.finder.state import portal
from applicant_portal.kit import typography
from applicant_portal.kit.data_files import UnreadableFile
from applicant_portal.kit.i18n import Gettext, lang_of, localized
from applicant_portal.kit.limits import Throttle
from applicant_portal.kit.web import go, wants_block
from applicant_portal.workspace import columns, fields, file_template, files, room, service, sheets
from applicant_portal.workspace.file_worker import FileWorker
from applicant_portal.workspace.models import FileLine, ListingFile
from applicant_portal.workspace.room import Acting, Reading, Sent, Writing
from applicant_portal.workspace.telling import KYIV, Difference

router = APIRouter(include_in_schema=False)

HOME = "/workspace/files"
PER_PAGE = 50
LAST_PAGE = 1_000
_UPLOADS_SECONDS = 3600
_uploads = Throttle(times=120, seconds=_UPLOADS_SECONDS)
# A value longer than this is typed in a field of several lines.
_LONG = 300


@dataclass(frozen=True, slots=True)
class Shown:
    """A listing in the preview: what it would be called, the lines that speak of it, what would differ and
    what a draft still lacks."""

    title: str
    is_new: bool
    in_sheet: Sequence[int]
    differences: Sequence[Difference]
    gaps: Sequence[str]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell in the form of a line; `long`: typed in several lines."""

    name: str
    label: str
    value: str
    error: str | None
    long: bool


def worker(request: Request) -> FileWorker:
    return cast("FileWorker", request.app.state.file_worker)


@router.get(HOME)
def uploads(request: Request, session: Reading, actor: Acting) -> Response:
    """Bring a file, take a template, see the files of before."""
    return _uploads_page(request, session, actor)


@router.post(HOME)
def upload(
    request: Request,
    session: Writing,
    actor: Acting,
    file: Annotated[UploadFile | None, File()] = None,
    institution: Annotated[str, Form()] = "",
    edebo: Annotated[str, Form()] = "",
) -> Response:
    """Keep the file and have it checked; one that is no such table is refused in one sentence."""
    _ = room.words(request)
    typed = {"institution": institution, "edebo": edebo}
    chosen = _chosen(session, actor, institution, edebo)
    if chosen is None:
        if actor.is_staff:
            wrong = {"edebo": _("Закладу з таким кодом немає. Перевірте число.")}
        else:
            wrong = {"institution": _("Оберіть один зі своїх закладів")}
        return _uploads_page(request, session, actor, typed, wrong, status=422)
    if file is None or not file.filename:
        wrong = {"file": _("Оберіть файл CSV або XLSX")}
        return _uploads_page(request, session, actor, typed, wrong, status=422)
    if not _uploads.allows(actor.label):
        wrong = {"file": _("Забагато файлів за годину. Завантажте решту трохи пізніше.")}
        response = _uploads_page(request, session, actor, typed, wrong, status=429)
        response.headers["retry-after"] = str(_UPLOADS_SECONDS)
        return response
    name = clean(file.filename)[:200] or "file"
    try:
        sheet = sheets.read(file.file.read(), name)
        received = files.receive(session, room.by(actor), chosen, sheet, name, room.now())
    except UnreadableFile as unreadable:
        wrong = {"file": unreadable.said(_)}
        return _uploads_page(request, session, actor, typed, wrong, status=422)
    if received is None:
        raise missing()
    return _nudged(request, received.id)


@router.get(f"{HOME}/template.{{extension}}")
def template(
    request: Request,
    session: Reading,
    actor: Acting,
    extension: str,
    institution: str = "",
    edebo: str = "",
) -> Response:
    """The table to fill in, with what the institution has in it."""
    if extension not in ("csv", "xlsx"):
        raise missing()
    _, lang = room.words(request), lang_of(request.scope)
    chosen = _chosen(session, actor, institution, edebo)
    if chosen is None:
        raise missing()
    head = file_template.headings(_)
    rows = file_template.rows(session, room.by(actor), chosen, lang, _)
    if extension == "csv":
        body, kind = sheets.as_csv(head, rows), "text/csv; charset=utf-8"
    else:
        from applicant_portal.workspace import books

        body = books.as_workbook(_("Пропозиції"), _("Пояснення"), head, rows, file_template.notes(_))
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    headers = {
        "content-disposition": f'attachment; filename="listings-{chosen.edebo_id or chosen.id}.{extension}"',
        "cache-control": "no-store",
    }
    return Response(body, media_type=kind, headers=headers)


@router.get(f"{HOME}/{{file_id}}")
def show(request: Request, session: Reading, actor: Acting, file_id: str, page: int = 1) -> Response:
    """Where the file is on its way: at work, with something to repair, to be published, published, undone."""
    file = _found(session, actor, file_id)
    if file.state in files.WORK:
        return _at_work(request, file)
    if wants_block(request):
        # The page that waited is done waiting: it is asked for anew, as a whole.
        address = localized(f"{HOME}/{file.id}", lang_of(request.scope))
        return Response(status_code=204, headers={"hx-redirect": address, "cache-control": "no-store"})
    page = min(max(page, 1), LAST_PAGE)
    counts = files.counts(session, file)
    context: dict[str, Any] = {
        **_common(request, file),
        "counts": counts,
        "institution": session.get_one(Institution, file.institution_id).display_name,
        "page": page,
        "wrong": [],
        "left_out": files.lines(session, file, state="left_out", per_page=PER_PAGE),
        "shown": [],
        "more": False,
    }
    if file.state == "checked" and counts.wrong:
        rows = files.lines(session, file, state="wrong", page=page, per_page=PER_PAGE)
        context |= {"wrong": [_wrong_line(request, file, one) for one in rows]}
        context["more"] = counts.wrong > page * PER_PAGE
    elif file.state == "checked":
        context["shown"] = _preview(request, session, file, page)
        context["more"] = counts.changes > page * PER_PAGE
    return room.page(request, "workspace_file", context)


@router.get(f"{HOME}/{{file_id}}/lines/{{number}}")
def line_form(request: Request, session: Reading, actor: Acting, file_id: str, number: int) -> Response:
    """One line of the file, to be repaired."""
    file = _found(session, actor, file_id)
    return _line(request, file, _line_of(session, file, number))


@router.post(f"{HOME}/{{file_id}}/lines/{{number}}")
def line(
    request: Request, session: Writing, actor: Acting, file_id: str, number: int, sent: Sent
) -> Response:
    """Save the line, leave it out or take it again; then on to the next that is wrong."""
    file = _found(session, actor, file_id, to_change=True)
    one = _line_of(session, file, number)
    if file.state != "checked":
        return go(request, f"{HOME}/{file.id}")
    act = sent.get("act")
    if act == "leave":
        files.leave_out(session, file, one, room.now())
    elif act == "take":
        files.take_again(session, file, one, room.now())
    else:
        typed = {str(name): str(value) for name, value in sent.items() if name in columns.columns()}
        files.repair(session, file, one, typed, room.now())
    session.flush()
    session.refresh(one)
    if one.state == "wrong":
        # What was typed is kept with the file, right or wrong.
        return _line(request, file, one, status=422)
    following = files.next_wrong(session, file, number)
    return go(request, f"{HOME}/{file.id}" + (f"/lines/{following}" if following is not None else ""))


@router.post(f"{HOME}/{{file_id}}/{{act}}")
def act(request: Request, session: Writing, actor: Acting, file_id: str, act: str, sent: Sent) -> Response:
    """Ask for the next step. A step that is not open (somebody else was faster) changes nothing."""
    file = _found(session, actor, file_id, to_change=True)
    counts = files.counts(session, file)
    if act not in ("publish", "undo", "check", "leave-wrong"):
        raise missing()
    if act == "publish" and file.state == "checked" and not counts.wrong and not counts.unread:
        file.publish_drafts = sent.get("drafts") == "1"
        files.move(file, "publishing", room.now())
    elif act == "undo" and file.state == "published" and file.batch is not None:
        files.move(file, "undoing", room.now())
    elif act == "check" and file.state in ("checked", "undone"):
        files.move(file, "uploaded", room.now())
    elif act == "leave-wrong" and file.state == "checked":
        files.leave_out_wrong(session, file, room.now())
    return _nudged(request, file.id)


def _nudged(request: Request, file_id: str) -> Response:
    """Back to the file; the worker looks at it when the answer, and so the commit, is through."""
    response = go(request, f"{HOME}/{file_id}")
    response.background = BackgroundTask(worker(request).nudge)
    return response


def _chosen(session: Session, actor: Actor, institution: str, edebo: str) -> Institution | None:
    """The institution that the person means, of those they may act for; the only one need not be named."""
    if actor.is_staff and edebo:
        return queries.institution_by_edebo_id(session, clean(edebo))
    own = {str(one): one for one in actor.institutions}
    if not institution and len(own) == 1:
        institution = next(iter(own))
    if actor.is_staff and institution.isdecimal() and len(institution) < 10:
        return session.get(Institution, int(institution))
    return session.get(Institution, own[institution]) if institution in own else None


def _found(session: Session, actor: Actor, file_id: str, *, to_change: bool = False) -> ListingFile:
    file = files.find(session, room.by(actor), file_id, to_change=to_change)
    if file is None:
        raise missing()
    return file


def _line_of(session: Session, file: ListingFile, number: int) -> FileLine:
    one = files.line(session, file, number) if 0 < number <= sheets.MOST_ROWS else None
    if one is None:
        raise missing()
    return one


def _uploads_page(
    request: Request,
    session: Session,
    actor: Actor,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
    *,
    status: int = 200,
) -> Response:
    _ = room.words(request)
    by = room.by(actor)
    recent = files.recent(session, by)
    houses = {
        one.id: one.display_name for one in service.institutions(session, {f.institution_id for f in recent})
    }
    own = service.institutions(session, actor.institutions)
    context = {
        "own": [(str(one.id), one.display_name) for one in own],
        "is_staff": actor.is_staff,
        "recent": [
            {
                "file": one,
                "house": houses.get(one.institution_id, ""),
                "day": typography.day(one.made_at.astimezone(KYIV).date(), lang_of(request.scope)),
                "state": state(one.state, _),
            }
            for one in recent
        ],
        "typed": typed or {},
        "wrong": wrong or {},
        "most_rows": sheets.MOST_ROWS,
    }
    return room.page(request, "workspace_files", context, status=status)


def state(value: str, _: Gettext) -> str:
    """Where a file is, in words."""
    return {
        "uploaded": _("перевіряється"),
        "checked": _("чекає на вас"),
        "publishing": _("публікується"),
        "published": _("опубліковано"),
        "undoing": _("скасовується"),
        "undone": _("скасовано"),
    }[value]


def _common(request: Request, file: ListingFile) -> dict[str, Any]:
    return {"file": file, "own_path": f"{HOME}/{file.id}", "state": state(file.state, room.words(request))}


def _at_work(request: Request, file: ListingFile) -> Response:
    progress = worker(request).progress_of(file.id)
    context = {**_common(request, file), "progress": progress}
    response = portal(request).pages.render(request, "pages/workspace_file_work.html", context, block="work")
    response.headers["cache-control"] = "no-store"
    return response


def _label(name: str | None, _: Gettext) -> str:
    column = columns.columns().get(name or "")
    return column.label(_) if column is not None else _("Рядок")


def _wrong_line(request: Request, file: ListingFile, one: FileLine) -> dict[str, Any]:
    _ = room.words(request)
    return {
        "number": one.number,
        "in_sheet": one.in_sheet,
        "title": _cell_of(file, one, "title") or _cell_of(file, one, "id"),
        "flaws": [(_label(flaw.column, _), flaw.said(_)) for flaw in files.flaws_of(one)],
    }


def _cell_of(file: ListingFile, one: FileLine, name: str) -> str:
    for heading, cell in zip(file.headings, one.cells, strict=False):
        column = columns.of_heading(heading)
        if column is not None and column.name == name:
            return cell
    return ""


def _preview(request: Request, session: Session, file: ListingFile, page: int) -> list[Shown]:
    """What a page of lines would change, listing by listing."""
    rows = files.lines(
        session, file, state="right", outcomes=("created", "updated"), page=page, per_page=PER_PAGE
    )
    numbers = files.beside(session, file, [one.target for one in rows if one.target])
    found = files.read_lines(session, file, numbers, now=room.now())
    telling, _ = room.telling(request, session), room.words(request)
    shown = []
    for plan in found.plans:
        known = fields.of_kind(plan.listing.kind)
        gaps = found.verdicts[plan.numbers[0]].gaps
        shown.append(
            Shown(
                title=plan.listing.title,
                is_new=plan.is_new,
                in_sheet=[numbers[number] for number in plan.numbers],
                differences=telling.differences(plan.listing, plan.wanted),
                gaps=[_(known[name].label) for name in gaps],
            )
        )
    return shown


def _line(request: Request, file: ListingFile, one: FileLine, *, status: int = 200) -> Response:
    _ = room.words(request)
    errors: dict[str, str] = {}
    general = []
    for flaw in files.flaws_of(one):
        if flaw.column in columns.columns():
            errors.setdefault(flaw.column or "", flaw.said(_))
        else:
            general.append(flaw.said(_))
    present = [found for heading in file.headings if (found := columns.of_heading(heading)) is not None]
    # What tells listings and offers apart can be typed here even where the file has no such column.
    missing_here = [columns.columns()[name] for name in dict.fromkeys((*errors, *columns.IDENTITY))]
    cells = [
        Cell(
            column.name,
            column.label(_),
            _cell_of(file, one, column.name).replace(sheets.UNSEEN_FORMULA, ""),
            errors.get(column.name),
            column.field is not None and getattr(column.field.type, "longest", 0) > _LONG,
        )
        for column in dict.fromkeys((*present, *missing_here))
    ]
    context = {
        **_common(request, file),
        "line": one,
        "wrong": [cell for cell in cells if cell.error],
        "rest": [cell for cell in cells if not cell.error],
        "general": general,
        "title": _cell_of(file, one, "title") or _cell_of(file, one, "id") or f"{one.in_sheet}",
    }
    return room.page(request, "workspace_file_line", context, status=status)
