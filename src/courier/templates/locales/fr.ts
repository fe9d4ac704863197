import type { ManyForms, Words } from './en.js';

export const fr: Words & ManyForms = {
  greeting: 'Bonjour,',
  help: 'Besoin d’aide\u00a0? {{support}}',
  help_unnamed: 'Besoin d’aide\u00a0? Adressez-vous au service qui gère votre compte {{brand}}.',
  bare_link: 'Si le bouton ne fonctionne pas, copiez cette adresse dans votre navigateur\u00a0:',

  this_link: 'Ce lien',
  this_code: 'Ce code',
  once_minutes_one: '{{what}} est valable une seule fois, pendant une minute.',
  once_minutes_many: '{{what}} est valable une seule fois, pendant {{count}} de minutes.',
  once_minutes_other: '{{what}} est valable une seule fois, pendant {{count}} minutes.',
  once_hours_one: '{{what}} est valable une seule fois, pendant une heure.',
  once_hours_many: '{{what}} est valable une seule fois, pendant {{count}} d’heures.',
  once_hours_other: '{{what}} est valable une seule fois, pendant {{count}} heures.',
  keep_link: 'Ne le transmettez à personne.',
  keep_code: 'Ne le transmettez à personne\u00a0: nous ne vous le demanderons jamais.',

  colon: '\u00a0:',
  fact_when: 'Date',
  fact_device: 'Appareil',
  fact_by: 'Par',
  device_on: '{{browser}} sous {{system}}',
  device_unknown: 'inconnu',
  administrator: 'l’administration',
  mine: 'Si c’était vous, vous n’avez rien à faire.',
  theirs: 'Le service qui gère votre compte {{brand}} l’a fait pour vous.',
  not_mine:
    'Si ce n’était pas vous, quelqu’un d’autre a peut-être accès à votre compte. Demandez de l’aide sans attendre\u00a0: {{support}}',
  not_mine_unnamed:
    'Si ce n’était pas vous, quelqu’un d’autre a peut-être accès à votre compte. Prévenez sans attendre le service qui gère votre compte {{brand}}.',
  unexpected: 'Si vous ne vous y attendiez pas, demandez de l’aide sans attendre\u00a0: {{support}}',
  unexpected_unnamed: 'Si vous ne vous y attendiez pas, prévenez ce service sans attendre.',

  ends_older:
    'Tout ce qui était antérieur a pris fin\u00a0: les autres sessions, les liens et les codes de récupération. Les autres accès à votre compte, comme les comptes associés et les adresses ajoutées récemment, sont suspendus tant que vous ne les conservez pas dans les paramètres.',

  recovery: {
    title: 'Retrouvez l’accès à votre compte',
    action: 'Accéder à mon compte',
    unasked: 'Si vous n’avez rien demandé, vous pouvez ignorer ce message\u00a0: rien n’a changé.',
    unasked_admin: 'Si vous n’avez demandé d’aide à personne, ne l’utilisez pas et signalez-le\u00a0: {{support}}',
    unasked_admin_unnamed:
      'Si vous n’avez demandé d’aide à personne, ne l’utilisez pas et signalez-le au service qui gère votre compte {{brand}}.',
  },
  recovery_valid: {
    subject: 'Retrouvez l’accès à votre compte',
    preheader: 'Le lien pour retrouver l’accès à votre compte {{brand}}.',
    intro: 'Pour retrouver l’accès à votre compte {{brand}}, ouvrez ce lien\u00a0:',
  },
  recovery_code_valid: {
    subject: 'Code {{code}} pour retrouver l’accès à votre compte',
    preheader: 'Le code pour retrouver l’accès à votre compte {{brand}}.',
    intro:
      'Pour retrouver l’accès à votre compte {{brand}}, saisissez ce code sur la page où vous l’avez demandé\u00a0:',
  },
  recovery_link_admin: {
    subject: 'Retrouvez l’accès à votre compte',
    preheader: 'L’assistance a lancé la récupération de votre compte {{brand}}.',
    intro:
      'L’assistance a lancé la récupération de votre compte {{brand}}. Pour en retrouver l’accès, ouvrez ce lien\u00a0:',
  },
  recovery_code_admin: {
    subject: 'Code {{code}} pour retrouver l’accès à votre compte',
    preheader: 'L’assistance a lancé la récupération de votre compte {{brand}}.',
    intro:
      'L’assistance a lancé la récupération de votre compte {{brand}}. Pour en retrouver l’accès, il vous faut ce code\u00a0:',
    enter: 'Saisissez-le sur cette page\u00a0:',
    action: 'Saisir le code',
  },
  recovery_unknown: {
    subject: 'Tentative d’accès à un compte',
    preheader: 'Aucun compte {{brand}} n’utilise cette adresse e-mail.',
    title: 'Aucun compte à cette adresse',
    intro:
      'Quelqu’un, probablement vous, a demandé à récupérer un compte {{brand}} avec cette adresse e-mail. Aucun compte ne l’utilise.',
    advice:
      'Si c’était vous, essayez l’adresse utilisée lors de votre inscription. Sinon, vous pouvez ignorer ce message\u00a0: rien n’a changé.',
  },

  recovery_not_yet: {
    subject: 'Cette adresse est trop récente pour récupérer votre compte',
    preheader: 'Cette adresse de votre compte {{brand}} est encore trop récente.',
    intro:
      'Quelqu’un, sans doute vous, a demandé à récupérer votre compte {{brand}} avec cette adresse e-mail. Elle est trop récente pour cela. Vous pourrez l’utiliser à partir du {{time}}.',
    advice: 'D’ici là, utilisez l’adresse que le compte avait auparavant, ou demandez de l’aide : {{support}}',
    advice_unnamed:
      'D’ici là, utilisez l’adresse que le compte avait auparavant, ou adressez-vous aux personnes qui gèrent votre compte {{brand}}.',
  },
  password_changed: {
    subject: 'Votre mot de passe a été modifié',
    preheader: 'Le mot de passe de votre compte {{brand}} a été modifié.',
    intro: 'Le mot de passe de votre compte {{brand}} a été modifié.',
  },
  password_removed: {
    subject: 'Votre mot de passe a été supprimé',
    preheader: 'Le mot de passe de votre compte {{brand}} a été supprimé.',
    intro:
      'Le mot de passe de votre compte {{brand}} a été supprimé. Personne ne peut plus s’en servir pour se connecter.',
  },
  second_factor_removed: {
    subject: 'Un second facteur a été retiré de votre compte',
    preheader: 'Un second facteur ne protège plus votre compte {{brand}}.',
    intro:
      'Un second facteur a été retiré de votre compte {{brand}} : une application d’authentification, des codes de récupération ou une clé de sécurité. Il ne protège plus le compte.',
  },
  recovered: {
    subject: 'Votre compte a été récupéré',
    preheader: 'Quelqu’un, probablement vous, a retrouvé l’accès à votre compte {{brand}}.',
    intro_link:
      'Quelqu’un, probablement vous, a retrouvé l’accès à votre compte {{brand}} avec un lien de récupération.',
    intro_code:
      'Quelqu’un, probablement vous, a retrouvé l’accès à votre compte {{brand}} avec un code de récupération.',
  },
  recovery_unfinished: {
    subject: 'Une récupération de votre compte n’a pas été terminée',
    preheader: 'Quelqu’un, sans doute vous, a commencé à récupérer votre compte {{brand}}.',
    intro:
      'Quelqu’un, sans doute vous, a commencé à récupérer votre compte {{brand}} sans aller jusqu’au bout. Vous pouvez vous connecter comme avant. Les autres appareils ont été déconnectés.',
    intro_contained:
      'Quelqu’un, sans doute vous, a commencé à récupérer votre compte {{brand}} sans aller jusqu’au bout. Le compte reste verrouillé\u00a0: personne ne peut se connecter tant qu’il n’est pas récupéré.',
    again: 'Si vous voulez toujours récupérer votre compte, recommencez.',
    locked: 'Pour retrouver l’accès, demandez un nouveau lien de récupération\u00a0: {{support}}',
    locked_unnamed:
      'Pour retrouver l’accès, demandez un nouveau lien de récupération au service qui gère votre compte {{brand}}.',
  },
  address_changed: {
    subject: 'Les adresses de votre compte ont été modifiées',
    preheader: 'Les adresses de votre compte {{brand}} ont été modifiées.',
    intro:
      'Les adresses e-mail ou les numéros de téléphone de votre compte {{brand}} ont été modifiés. Vous recevez ce message à une adresse que le compte avait auparavant.',
  },
  address_changed_undo: {
    subject: 'Les adresses de votre compte ont été modifiées',
    preheader: 'Si vous ne vous y attendiez pas, vous pouvez annuler la modification.',
    intro:
      'Les adresses e-mail de votre compte {{brand}} ont été modifiées. Vous recevez ce message à une adresse que le compte avait auparavant. Elle fonctionne encore pendant un moment.',
    lead: 'Si vous ne voulez pas de cette modification, annulez-la :',
    action: 'Annuler la modification',
  },
  notice_digest: {
    subject: 'Votre compte a été modifié de nombreuses fois',
    preheader: 'Votre compte {{brand}} a été modifié de nombreuses fois.',
    intro:
      'Votre compte {{brand}} a été modifié plus souvent en une heure que nous n’envoyons de messages. Voici ce qui s’est encore passé :',
    recovered: 'Récupérations',
    recovery_unfinished: 'Récupérations non terminées',
    password_changed: 'Mot de passe modifié',
    password_removed: 'Mot de passe supprimé',
    second_factor_removed: 'Second facteur supprimé',
    address_changed: 'Adresses modifiées',
    social_connected: 'Connexion associée',
    social_disconnected: 'Connexion dissociée',
    last: 'Dernière fois',
  },
  social_connected: {
    subject: 'La connexion avec {{provider}} a été ajoutée',
    preheader: 'Votre compte {{brand}} peut maintenant être ouvert avec {{provider}}.',
    intro:
      'La connexion avec {{provider}} a été ajoutée à votre compte {{brand}}. Le compte peut désormais être ouvert avec {{provider}}.',
  },
  social_disconnected: {
    subject: 'La connexion avec {{provider}} a été retirée',
    preheader: 'Votre compte {{brand}} ne peut plus être ouvert avec {{provider}}.',
    intro:
      'La connexion avec {{provider}} a été retirée de votre compte {{brand}}. Le compte ne peut plus être ouvert avec {{provider}}.',
  },
};
