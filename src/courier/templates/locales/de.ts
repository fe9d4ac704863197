import type { Words } from './en.js';

export const de: Words = {
  greeting: 'Guten Tag,',
  help: 'Brauchen Sie Hilfe? {{support}}',
  help_unnamed: 'Brauchen Sie Hilfe? Fragen Sie die Stelle, die Ihr Konto bei {{brand}} betreut.',
  bare_link: 'Wenn die Schaltfläche nicht funktioniert, kopieren Sie diese Adresse in Ihren Browser:',

  this_link: 'Dieser Link',
  this_code: 'Dieser Code',
  once_minutes_one: '{{what}} gilt einmal, innerhalb der nächsten Minute.',
  once_minutes_other: '{{what}} gilt einmal, innerhalb der nächsten {{count}} Minuten.',
  once_hours_one: '{{what}} gilt einmal, innerhalb der nächsten Stunde.',
  once_hours_other: '{{what}} gilt einmal, innerhalb der nächsten {{count}} Stunden.',
  keep_link: 'Geben Sie ihn nicht weiter.',
  keep_code: 'Geben Sie ihn nicht weiter: Wir fragen nie danach.',

  colon: ':',
  fact_when: 'Zeitpunkt',
  fact_device: 'Gerät',
  fact_by: 'Durch',
  device_on: '{{browser}} unter {{system}}',
  device_unknown: 'unbekannt',
  administrator: 'die Administration',
  mine: 'Wenn Sie das waren, brauchen Sie nichts zu tun.',
  theirs: 'Die Stelle, die Ihr Konto bei {{brand}} betreut, hat das für Sie getan.',
  not_mine:
    'Wenn Sie es nicht waren, hat vielleicht jemand anderes Zugriff auf Ihr Konto. Holen Sie bitte sofort Hilfe: {{support}}',
  not_mine_unnamed:
    'Wenn Sie es nicht waren, hat vielleicht jemand anderes Zugriff auf Ihr Konto. Wenden Sie sich bitte sofort an die Stelle, die Ihr Konto bei {{brand}} betreut.',
  unexpected: 'Wenn Sie das nicht erwartet haben, fragen Sie bitte sofort nach: {{support}}',
  unexpected_unnamed: 'Wenn Sie das nicht erwartet haben, fragen Sie dort bitte sofort nach.',

  ends_older:
    'Alles Ältere ist beendet: andere Sitzungen sowie Wiederherstellungslinks und -codes. Andere Zugänge zu Ihrem Konto, etwa verbundene Konten und kürzlich hinzugefügte Adressen, sind gesperrt, bis Sie sie in den Einstellungen behalten.',

  recovery: {
    title: 'Zurück in Ihr Konto',
    action: 'Zurück ins Konto',
    unasked: 'Wenn Sie nicht darum gebeten haben, können Sie diese Nachricht ignorieren: Es hat sich nichts geändert.',
    unasked_admin:
      'Wenn Sie niemanden um Hilfe mit Ihrem Konto gebeten haben, benutzen Sie ihn nicht und geben Sie bitte Bescheid: {{support}}',
    unasked_admin_unnamed:
      'Wenn Sie niemanden um Hilfe mit Ihrem Konto gebeten haben, benutzen Sie ihn nicht und geben Sie bitte der Stelle Bescheid, die Ihr Konto bei {{brand}} betreut.',
  },
  recovery_valid: {
    subject: 'Zurück in Ihr Konto',
    preheader: 'Der Link, mit dem Sie wieder in Ihr Konto bei {{brand}} kommen.',
    intro: 'Sie möchten zurück in Ihr Konto bei {{brand}}. Öffnen Sie dazu diesen Link:',
  },
  recovery_code_valid: {
    subject: 'Code {{code}}: zurück in Ihr Konto',
    preheader: 'Der Code, mit dem Sie wieder in Ihr Konto bei {{brand}} kommen.',
    intro:
      'Sie möchten zurück in Ihr Konto bei {{brand}}. Geben Sie dazu diesen Code auf der Seite ein, auf der Sie ihn angefordert haben:',
  },
  recovery_link_admin: {
    subject: 'Zurück in Ihr Konto',
    preheader: 'Der Support hat die Wiederherstellung Ihres Kontos bei {{brand}} eingeleitet.',
    intro:
      'Der Support hat die Wiederherstellung Ihres Kontos bei {{brand}} eingeleitet. Öffnen Sie diesen Link, um wieder hineinzukommen:',
  },
  recovery_code_admin: {
    subject: 'Code {{code}}: zurück in Ihr Konto',
    preheader: 'Der Support hat die Wiederherstellung Ihres Kontos bei {{brand}} eingeleitet.',
    intro:
      'Der Support hat die Wiederherstellung Ihres Kontos bei {{brand}} eingeleitet. Um wieder hineinzukommen, brauchen Sie diesen Code:',
    enter: 'Geben Sie ihn auf dieser Seite ein:',
    action: 'Code eingeben',
  },
  recovery_unknown: {
    subject: 'Versuchter Zugriff auf ein Konto',
    preheader: 'Zu dieser E-Mail-Adresse gibt es kein Konto bei {{brand}}.',
    title: 'Kein Konto zu dieser Adresse',
    intro:
      'Jemand, vermutlich Sie selbst, wollte mit dieser E-Mail-Adresse ein Konto bei {{brand}} wiederherstellen. Zu dieser Adresse gibt es kein Konto.',
    advice:
      'Wenn Sie das waren, versuchen Sie es mit der Adresse, mit der Sie sich registriert haben. Wenn nicht, können Sie diese Nachricht ignorieren: Es hat sich nichts geändert.',
  },

  recovery_not_yet: {
    subject: 'Diese Adresse ist für eine Wiederherstellung noch zu neu',
    preheader: 'Diese Adresse Ihres Kontos bei {{brand}} ist noch zu neu.',
    intro:
      'Jemand, vermutlich Sie selbst, wollte mit dieser E-Mail-Adresse Ihr Konto bei {{brand}} wiederherstellen. Dafür ist die Adresse noch zu neu. Sie können sie ab {{time}} dafür benutzen.',
    advice: 'Benutzen Sie bis dahin die Adresse, die das Konto vorher hatte, oder holen Sie Hilfe: {{support}}',
    advice_unnamed:
      'Benutzen Sie bis dahin die Adresse, die das Konto vorher hatte, oder fragen Sie die Stelle, die Ihr Konto bei {{brand}} betreut.',
  },
  password_changed: {
    subject: 'Ihr Passwort wurde geändert',
    preheader: 'Das Passwort Ihres Kontos bei {{brand}} wurde geändert.',
    intro: 'Das Passwort Ihres Kontos bei {{brand}} wurde geändert.',
  },
  password_removed: {
    subject: 'Ihr Passwort wurde entfernt',
    preheader: 'Das Passwort Ihres Kontos bei {{brand}} wurde entfernt.',
    intro: 'Das Passwort Ihres Kontos bei {{brand}} wurde entfernt. Niemand kann sich mehr damit anmelden.',
  },
  second_factor_removed: {
    subject: 'Ein zweiter Faktor Ihres Kontos wurde entfernt',
    preheader: 'Ein zweiter Faktor schützt Ihr Konto bei {{brand}} nicht mehr.',
    intro:
      'Von Ihrem Konto bei {{brand}} wurde ein zweiter Faktor entfernt: eine Authenticator-App, Wiederherstellungscodes oder ein Sicherheitsschlüssel. Er schützt das Konto nicht mehr.',
  },
  recovered: {
    subject: 'Ihr Konto wurde wiederhergestellt',
    preheader: 'Jemand, vermutlich Sie selbst, ist zurück in Ihrem Konto bei {{brand}}.',
    intro_link:
      'Jemand, vermutlich Sie selbst, ist mit einem Wiederherstellungslink in Ihr Konto bei {{brand}} zurückgekehrt.',
    intro_code:
      'Jemand, vermutlich Sie selbst, ist mit einem Wiederherstellungscode in Ihr Konto bei {{brand}} zurückgekehrt.',
  },
  recovery_unfinished: {
    subject: 'Eine Wiederherstellung Ihres Kontos wurde nicht abgeschlossen',
    preheader: 'Jemand, vermutlich Sie selbst, wollte Ihr Konto bei {{brand}} wiederherstellen.',
    intro:
      'Jemand, vermutlich Sie selbst, hat die Wiederherstellung Ihres Kontos bei {{brand}} begonnen, aber nicht abgeschlossen. Sie können sich wie bisher anmelden. Andere Geräte wurden abgemeldet.',
    intro_contained:
      'Jemand, vermutlich Sie selbst, hat die Wiederherstellung Ihres Kontos bei {{brand}} begonnen, aber nicht abgeschlossen. Das Konto bleibt gesperrt: Bis es wiederhergestellt ist, kann sich niemand anmelden.',
    again: 'Wenn Sie Ihr Konto weiterhin wiederherstellen möchten, beginnen Sie noch einmal.',
    locked: 'Um wieder hineinzukommen, bitten Sie um einen neuen Wiederherstellungslink: {{support}}',
    locked_unnamed:
      'Um wieder hineinzukommen, bitten Sie die Stelle, die Ihr Konto bei {{brand}} betreut, um einen neuen Wiederherstellungslink.',
  },
  address_changed: {
    subject: 'Die Adressen Ihres Kontos wurden geändert',
    preheader: 'Die Adressen Ihres Kontos bei {{brand}} wurden geändert.',
    intro:
      'Die E-Mail-Adressen oder Telefonnummern Ihres Kontos bei {{brand}} wurden geändert. Diese Nachricht geht an eine Adresse, die bisher zum Konto gehörte.',
  },
  address_changed_undo: {
    subject: 'Die Adressen Ihres Kontos wurden geändert',
    preheader: 'Wenn Sie das nicht erwartet haben, können Sie es rückgängig machen.',
    intro:
      'Die E-Mail-Adressen Ihres Kontos bei {{brand}} wurden geändert. Diese Nachricht geht an eine Adresse, die bisher zum Konto gehörte. Sie funktioniert noch eine Weile.',
    lead: 'Wenn Sie diese Änderung nicht wollen, machen Sie sie rückgängig:',
    action: 'Änderung rückgängig machen',
  },
  notice_digest: {
    subject: 'In Ihrem Konto ist viel geschehen',
    preheader: 'Ihr Konto bei {{brand}} wurde oft geändert.',
    intro:
      'Ihr Konto bei {{brand}} wurde innerhalb einer Stunde öfter geändert, als wir Ihnen einzelne Nachrichten schicken. Außerdem ist geschehen:',
    recovered: 'Wiederherstellungen',
    recovery_unfinished: 'Nicht abgeschlossene Wiederherstellungen',
    password_changed: 'Passwort geändert',
    password_removed: 'Passwort entfernt',
    second_factor_removed: 'Zweiter Faktor entfernt',
    address_changed: 'Adressen geändert',
    social_connected: 'Anmeldung verbunden',
    social_disconnected: 'Anmeldung getrennt',
    last: 'Zuletzt',
  },
  social_connected: {
    subject: 'Anmeldung mit {{provider}} wurde verbunden',
    preheader: 'Ihr Konto bei {{brand}} lässt sich jetzt mit {{provider}} öffnen.',
    intro:
      'Die Anmeldung mit {{provider}} wurde mit Ihrem Konto bei {{brand}} verbunden. Das Konto lässt sich jetzt auch damit öffnen.',
  },
  social_disconnected: {
    subject: 'Anmeldung mit {{provider}} wurde getrennt',
    preheader: 'Ihr Konto bei {{brand}} lässt sich nicht mehr mit {{provider}} öffnen.',
    intro:
      'Die Anmeldung mit {{provider}} wurde von Ihrem Konto bei {{brand}} getrennt. Das Konto lässt sich damit nicht mehr öffnen.',
  },
};
