"""The words that people use for what the log calls by one name: English, German, French and Spanish."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

HEADERS: Mapping[str, str] = {
    "id": """
        id, #, nr, no, number, key, ref, réf, référence, code, nummer, clave, debt id, item id, ticket
        id
    """,
    "title": """
        title, name, summary, subject, headline, titel, bezeichnung, titre, intitulé, título, titulo,
        nombre
    """,
    "instead": """
        what was done instead, done instead, instead, shortcut taken, current state, current approach,
        current behaviour, workaround taken, stattdessen, umsetzung, à la place, contournement choisi,
        en su lugar, details, detail, notes, note, notiz, notizen, anmerkung, bemerkung, kommentar,
        comment, comments, remarque, remarques, commentaire, nota, notas, observaciones, background,
        context, kontext, contexte, contexto, hintergrund, problem statement, the bet, fix, suggested
        fix, proposed fix, proposed solution, solution, resolution, resolution plan, remediation,
        remediation plan, repayment plan, plan, action, action plan, next steps, follow up plan, lösung,
        lösungsvorschlag, maßnahme, massnahme, behebung, geplante behebung, abbau, abbaupfad, solution
        proposée, action prévue, correctif, solución, solución propuesta, acción, plan de acción
    """,
    "area": """
        area, component, module, domain, system, subsystem, service, team area, scope, service
        component, bereich, komponente, modul, baustein, domaine, composant, zone, périmètre, área,
        componente, módulo, ámbito
    """,
    "owner": """
        owner, assignee, assigned to, responsible, accountable, dri, maintainer, reporter owner,
        besitzer, eigentümer, verantwortlich, verantwortlicher, verantwortliche, zuständig, responsable,
        propriétaire, porteur, assigné à, pilote, propietario, asignado a, dueño, encargado
    """,
    "risk": """
        risk, risk kind, kind, type, category, debt type, class, typ, art, kategorie, risikoart, risiko,
        catégorie, genre, nature, risque, tipo, categoría, riesgo, clase
    """,
    "severity": """
        severity, priority, criticality, urgency, risk level, importance, level, prio, schwere,
        schweregrad, priorität, kritikalität, dringlichkeit, wichtigkeit, sévérité, gravité, priorité,
        criticité, urgence, severidad, gravedad, prioridad, criticidad, urgencia
    """,
    "consequence": """
        consequence, consequences, impact, effect, effects, what happens, business impact, risk if
        ignored, current impact, interest, auswirkung, auswirkungen, folge, folgen, konsequenz,
        konsequenzen, conséquence, conséquences, incidence, effet, consecuencia, consecuencias, impacto,
        efecto, why it might be worse, why it matters
    """,
    "blocks": "blocks, blocking, blocker for, stands in the way of, blockiert, bloque, bloquea, bloquant pour",
    "trigger": """
        trigger, repay when, resolves when, resolve when, resolve by, resolves by, resolve before, re
        evaluate when, revisit when, revisit, revisit by, revisit trigger, repayment trigger, pay back
        when, fix when, fix by, due, due date, deadline, target, target date, target resolution, target
        milestone, milestone, sprint target, schedule, when, next review, resolution timeline, auslöser,
        wann fällig, fällig, fällig am, fälligkeit, frist, zieltermin, zu beheben bis, beheben wenn,
        nächste prüfung, condition de déclenchement, déclencheur, échéance, date cible, à résoudre
        quand, à traiter quand, à traiter avant, prochaine revue, disparador, condición de activación,
        se resuelve cuando, resolver cuando, resolver antes de, fecha límite, vencimiento, fecha
        objetivo, próxima revisión
    """,
    "watch": "watch, watch for, repay when in words, beobachten, à surveiller, vigilar",
    "control": """
        control, limited by, mitigation, mitigations, workaround, safeguard, guardrail, compensating
        control, gegenmaßnahme, gegenmassnahme, absicherung, übergangslösung, atténuation, mitigation
        prévue, contournement, mesure, mitigación, mitigación existente, contención, salvaguarda
    """,
    "location": """
        location, where, file, files, files affected, affected files, path, code reference, code
        references, source file, first seen in, ort, stelle, datei, dateien, fundort, fichier, fichiers,
        emplacement, où, lieu, archivo, archivos, fichero, ficheros, ubicación, dónde, usado en
    """,
    "decision": """
        decision, decision link, adr, link, links, ticket, tracking, tracked in, related task, related
        issue, reference, references, entscheidung, verweis, beschluss, décision, suivi, lien, decisión,
        enlace, referencia, seguimiento
    """,
    "ai_assisted": """
        ai assisted, ai, ai generated, written by ai, ki, ki generiert, assisté par ia, ia, asistido por
        ia
    """,
    "valuable_data": """
        valuable data, sensitive data, personal data, wertvolle daten, données sensibles, datos
        sensibles
    """,
    "reviewer": """
        reviewer, senior reviewer, reviewed by, prüfer, geprüft von, gutachter, relecteur, revu par,
        revisor, revisado por
    """,
    "effort_days": """
        effort, effort days, estimated effort, estimate, estimation, cost, size, repayment effort,
        aufwand, geschätzter aufwand, schätzung, charge, coût, effort estimé, esfuerzo, esfuerzo
        estimado, estimación, coste
    """,
    "created": """
        created, created at, created date, date created, created on, date, added, added on, introduced,
        identified, date identified, discovered, logged, opened, reported, first seen, since, recorded,
        erstellt, erstellt am, erfasst, erfasst am, angelegt, datum, seit, créé le, créée le, date de
        création, ajouté le, identifié le, depuis, creado, creada, fecha, fecha de creación, registrado,
        identificado, desde
    """,
    "status": """
        status, state, current status, stand, zustand, statut, état, estado, situación, done, resolved,
        resolved date, resolved on, resolved in, closed, closed on, fixed in, fixed, erledigt, erledigt
        am, behoben, behoben am, résolu le, corrigé le, clos le, resuelto, resuelto el, cerrado el
    """,
    "reason": """
        reason, rationale, why, why accepted, why acceptable, justification, begründung, grund, warum,
        warum vertretbar, raison, motif, pourquoi, motivo, justificación, razón, por qué, por qué no
        ahora, why not now
    """,
    "accepted_until": """
        accepted until, accepted till, expires, expiry, expiry date, waived until, akzeptiert bis,
        gültig bis, accepté jusqu'au, valable jusqu'au, expire le, aceptado hasta, válido hasta, caduca
    """,
}
"""By field: what a column or a label for it may be called."""

SUBJECTS = (
    """
        debt, tech debt, technical debt, shortcut, item, schuld, schulden, schuldenpunkt, technische
        schuld, abkürzung, thema, dette, dette technique, raccourci, sujet, deuda, deuda técnica, atajo,
        asunto, tema, task, feature, topic
    """,
    """
        description, problem, issue, observation, finding, beschreibung, befund, description du
        problème, problème, constat, descripción, problema, hallazgo
    """,
)
"""Columns that hold what it is about, where none is called a title; those of the first list come first."""

SEVERITIES: Mapping[str, str] = {
    "high": """
        high, highest, critical, blocker, blockers,
         major, severe, urgent, very high, p0, p1, s0, s1, sev0, sev1, sev 0, sev 1, prio 1,
        priority 1,
        hoch, sehr hoch, kritisch, dringend, schwer, élevé, élevée, haut, haute, critique, majeur,
        majeure, urgente, alta, alto, crítica, crítico, muy alta, muy alto, grave, 🔴, 🟠, ⛔, 🔥
    """,
    "medium": """
        medium, moderate, normal, mid, med, p2, s2, sev2, sev 2, prio 2, priority 2, mittel,
        mäßig, moyen, moyenne, modéré,
        modérée, media, medio, moderada, moderado, 🟡
    """,
    "low": """
        low, lowest, minor, trivial, cosmetic, very low, p3, p4, p5, s3, s4, sev3, sev4, sev 3, sev 4, prio 3,
        priority 3, niedrig,
        gering, sehr niedrig, leicht, faible, basse, bas, mineur, mineure, baja, bajo, menor, leve, 🟢, ⚪
    """,
}

STATUSES: Mapping[str, str] = {
    "dropped": """
        dropped, won't fix, wont fix, won t fix, wontfix, will not fix, not a bug, invalid, obsolete,
        rejected, cancelled, canceled, duplicate, superseded, deprecated, abandoned, discarded, no
        longer relevant, withdrawn, verworfen, abgelehnt, hinfällig, veraltet, nicht geplant, wird nicht
        behoben, abandonné, abandonnée, rejeté, annulé, obsolète, ne sera pas corrigé, descartado,
        descartada, rechazado, cancelado, obsoleto, no se corregirá
    """,
    "open": """
        open, opened, new, todo, to do, active, identified, backlog, reported, unresolved, not fixed,
        not started, pending, known, logged, registered, reopened, unproven, deferred, postponed,
        parked, outstanding, offen, offene, neu, aktiv, ausstehend, zurückgestellt, nicht begonnen,
        nicht behoben, ungelöst, ouvert, ouverte, ouverts, à faire, à traiter, nouveau, actif, active,
        identifié, reporté, en attente, non résolu, non traité, abierto, abierta, abiertos, abiertas,
        pendiente, pendientes, nuevo, activo, activa, aplazado, sin resolver, por hacer
    """,
    "planned": """
        planned, scheduled, in progress, in work, wip, doing, started, ongoing, in review, partially,
        partially fixed, partially resolved, partial, geplant, in arbeit, in bearbeitung, begonnen,
        teilweise, planifié, planifiée, en cours, prévu, partiellement, planificado, planificada, en
        progreso, en curso, en proceso, parcial, parcialmente, 🔄, 🚧
    """,
    "accepted": """
        accepted, acceptable, tolerated, waived, akzeptiert, bewusst akzeptiert, toleriert, accepté,
        acceptée, assumé, toléré, aceptado, aceptada, asumido, tolerado
    """,
    "repaid": """
        repaid, paid, paid back, paid off, done, closed, resolved, fixed, solved, completed, complete,
        addressed, finished, implemented, merged, shipped, erledigt, behoben, geschlossen, gelöst,
        abgeschlossen, fertig, umgesetzt, abgebaut, fermé, fermée, fait, terminé, terminée, corrigé,
        corrigée, résolu, résolue, résolus, réglé, clos, soldé, remboursé, cerrado, cerrada, cerrados,
        resuelto, resuelta, resueltos, resueltas, hecho, terminado, terminada, corregido, corregida,
        completado, completada, pagado, ✅, ✔, ☑, [x]
    """,
}

RISKS: Mapping[str, str] = {
    "data leak": """
        data leak, data leaks, privacy, pii, personal data, datenleck, datenschutz, fuite de données,
        vie privée, fuga de datos, privacidad
    """,
    "security": "security, vulnerability, auth, secrets, sicherheit, it sicherheit, sécurité, seguridad",
    "correctness": """
        correctness, bug, data quality, reliability, stability, accuracy, korrektheit, fehler,
        datenqualität, zuverlässigkeit, exactitude, fiabilité, qualité des données, corrección,
        fiabilidad, calidad de datos
    """,
    "compliance": """
        compliance, legal, licence, license, licensing, regulatory, audit, gdpr, dsgvo, rgpd, recht,
        lizenz, conformité, juridique, cumplimiento, normativa
    """,
    "lock-in": """
        lock in, lock-in, vendor lock in, vendor, portability, anbieterbindung, herstellerbindung,
        portabilität, dépendance au fournisseur, portabilité, dependencia del proveedor, portabilidad
    """,
    "cost": "cost, costs, billing, spend, kosten, coût, coûts, coste, costes, costo",
    "maintainability": """
        maintainability, maintenance, code quality, code, test, tests, testing, test debt, architecture,
        documentation, docs, dependency, dependencies, refactoring, design, duplication, wartbarkeit,
        wartung, codequalität, architektur, dokumentation, abhängigkeiten, maintenabilité, qualité du
        code, architecture, dépendances, mantenibilidad, mantenimiento, calidad de código, arquitectura,
        documentación, dependencias
    """,
}

BLOCKED: Mapping[str, str] = {
    "migration": "migration, migrations, the next migration, umzug, migración",
    "customer": "customer, customers, client, clients, sales, kunde, kunden, cliente, clientes",
    "compliance": "compliance, audit, certification, regulation, konformität, conformité, cumplimiento",
}

YES = "yes, y, true, 1, x, ja, oui, sí, si, ✅, ✔, [x]"
NO = "no, n, false, 0, nein, non, ❌, [ ]"
BLANKS = frozenset(
    {"", "-", "--", "—", "\u2013", "n/a", "na", "none", "null", "tbd", "?", "...", "…", "keine", "aucun", "ninguno"}
)
"""What people write where they know nothing."""


def fold(text: str) -> str:
    """Reduce a text to its words, without capitals, accents and punctuation."""
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(letter)
    )
    return " ".join(re.findall(r"[a-z0-9#]+", plain.replace("'", " ")))


def is_blank(text: str) -> bool:
    """Whether a cell says nothing."""
    return text.strip().strip("*_`[]()").casefold() in BLANKS


def split_words(listed: str) -> list[str]:
    """Return the entries of one of the lists above."""
    return [word for entry in listed.split(",") if (word := " ".join(entry.split()))]


def fold_words(listed: Mapping[str, str]) -> dict[str, str]:
    """Return what each word of a vocabulary means; a sign that has no letters stands for itself."""
    return {fold(word) or word: meaning for meaning, words in listed.items() for word in split_words(words)}


def lead_with(text: str, known: Mapping[str, str]) -> tuple[str, str]:
    """Return what the beginning of a text means by a vocabulary, and the words that said it; empty where nothing did.

    The longest entry counts: ``not fixed`` before ``fixed``.
    """
    for sign, meaning in known.items():
        if not sign.isascii() and text.lstrip().startswith(sign):
            return meaning, sign
    words = fold(text).split()
    for length in range(min(4, len(words)), 0, -1):
        meaning = known.get(" ".join(words[:length]), "")
        if meaning:
            return meaning, " ".join(words[:length])
    return "", ""


def find_in(text: str, known: Mapping[str, str]) -> str:
    """Return what the first known words anywhere in a text mean; empty where there are none."""
    words = text.split()
    for start in range(len(words)):
        meaning, _ = lead_with(" ".join(words[start:]), known)
        if meaning:
            return meaning
    return ""


def first_of(texts: Iterable[str], known: Mapping[str, str]) -> tuple[str, str]:
    """Return the first text in which a known word stands, with its meaning; both empty where there is none."""
    return next(((text, meaning) for text in texts if (meaning := find_in(text, known))), ("", ""))
