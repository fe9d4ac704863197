import type { ManyForms, Words } from './en.js';

export const es: Words & ManyForms = {
  greeting: 'Hola:',
  help: '¿Necesita ayuda? {{support}}',
  help_unnamed: '¿Necesita ayuda? Diríjase a quienes gestionan su cuenta de {{brand}}.',
  bare_link: 'Si el botón no funciona, copie esta dirección en su navegador:',

  this_link: 'Este enlace',
  this_code: 'Este código',
  once_minutes_one: '{{what}} sirve una sola vez, durante el próximo minuto.',
  once_minutes_many: '{{what}} sirve una sola vez, durante los próximos {{count}} de minutos.',
  once_minutes_other: '{{what}} sirve una sola vez, durante los próximos {{count}} minutos.',
  once_hours_one: '{{what}} sirve una sola vez, durante la próxima hora.',
  once_hours_many: '{{what}} sirve una sola vez, durante las próximas {{count}} de horas.',
  once_hours_other: '{{what}} sirve una sola vez, durante las próximas {{count}} horas.',
  keep_link: 'No se lo pase a nadie.',
  keep_code: 'No se lo pase a nadie: nunca se lo pediremos.',

  colon: ':',
  fact_when: 'Fecha',
  fact_device: 'Dispositivo',
  fact_by: 'Por',
  device_on: '{{browser}} en {{system}}',
  device_unknown: 'desconocido',
  administrator: 'la administración',
  mine: 'Si ha sido usted, no tiene que hacer nada.',
  theirs: 'Lo han hecho por usted quienes gestionan su cuenta de {{brand}}.',
  not_mine:
    'Si no ha sido usted, puede que otra persona tenga acceso a su cuenta. Pida ayuda cuanto antes: {{support}}',
  not_mine_unnamed:
    'Si no ha sido usted, puede que otra persona tenga acceso a su cuenta. Avise cuanto antes a quienes gestionan su cuenta de {{brand}}.',
  unexpected: 'Si no lo esperaba, pida ayuda cuanto antes: {{support}}',
  unexpected_unnamed: 'Si no lo esperaba, avíseles cuanto antes.',

  ends_older:
    'Todo lo anterior ha terminado: las demás sesiones y los enlaces y códigos de recuperación. Los demás accesos a su cuenta, como las cuentas conectadas y las direcciones añadidas hace poco, quedan suspendidos hasta que los conserve en los ajustes.',

  recovery: {
    title: 'Recupere el acceso a su cuenta',
    action: 'Volver a mi cuenta',
    unasked: 'Si no lo ha pedido usted, puede ignorar este mensaje: no ha cambiado nada.',
    unasked_admin: 'Si no ha pedido ayuda a nadie con su cuenta, no lo use y avise: {{support}}',
    unasked_admin_unnamed:
      'Si no ha pedido ayuda a nadie con su cuenta, no lo use y avise a quienes gestionan su cuenta de {{brand}}.',
  },
  recovery_valid: {
    subject: 'Recupere el acceso a su cuenta',
    preheader: 'El enlace para recuperar el acceso a su cuenta de {{brand}}.',
    intro: 'Para recuperar el acceso a su cuenta de {{brand}}, abra este enlace:',
  },
  recovery_code_valid: {
    subject: 'Código {{code}} para recuperar el acceso a su cuenta',
    preheader: 'El código para recuperar el acceso a su cuenta de {{brand}}.',
    intro: 'Para recuperar el acceso a su cuenta de {{brand}}, introduzca este código en la página en la que lo pidió:',
  },
  recovery_link_admin: {
    subject: 'Recupere el acceso a su cuenta',
    preheader: 'El equipo de asistencia ha iniciado la recuperación de su cuenta de {{brand}}.',
    intro:
      'El equipo de asistencia ha iniciado la recuperación de su cuenta de {{brand}}. Para volver a entrar, abra este enlace:',
  },
  recovery_code_admin: {
    subject: 'Código {{code}} para recuperar el acceso a su cuenta',
    preheader: 'El equipo de asistencia ha iniciado la recuperación de su cuenta de {{brand}}.',
    intro:
      'El equipo de asistencia ha iniciado la recuperación de su cuenta de {{brand}}. Para volver a entrar, necesita este código:',
    enter: 'Introdúzcalo en esta página:',
    action: 'Introducir el código',
  },
  recovery_unknown: {
    subject: 'Intento de acceso a una cuenta',
    preheader: 'Ninguna cuenta de {{brand}} tiene esta dirección de correo.',
    title: 'Ninguna cuenta con esta dirección',
    intro:
      'Alguien, probablemente usted, ha pedido recuperar una cuenta de {{brand}} con esta dirección de correo. Ninguna cuenta la tiene.',
    advice:
      'Si ha sido usted, pruebe con la dirección con la que se registró. Si no, puede ignorar este mensaje: no ha cambiado nada.',
  },

  recovery_not_yet: {
    subject: 'Esta dirección es demasiado nueva para recuperar su cuenta',
    preheader: 'Esta dirección de su cuenta de {{brand}} es todavía demasiado nueva.',
    intro:
      'Alguien, probablemente usted, ha pedido recuperar su cuenta de {{brand}} con esta dirección de correo. La dirección es demasiado nueva para eso. Podrá usarla a partir del {{time}}.',
    advice: 'Hasta entonces, use la dirección que la cuenta tenía antes o pida ayuda: {{support}}',
    advice_unnamed:
      'Hasta entonces, use la dirección que la cuenta tenía antes o pregunte a quienes se ocupan de su cuenta de {{brand}}.',
  },
  password_changed: {
    subject: 'Se ha cambiado su contraseña',
    preheader: 'Se ha cambiado la contraseña de su cuenta de {{brand}}.',
    intro: 'Se ha cambiado la contraseña de su cuenta de {{brand}}.',
  },
  password_removed: {
    subject: 'Se ha eliminado su contraseña',
    preheader: 'Se ha eliminado la contraseña de su cuenta de {{brand}}.',
    intro: 'Se ha eliminado la contraseña de su cuenta de {{brand}}. Ya nadie puede iniciar sesión con ella.',
  },
  second_factor_removed: {
    subject: 'Se ha eliminado un segundo factor de su cuenta',
    preheader: 'Un segundo factor ya no protege su cuenta de {{brand}}.',
    intro:
      'Se ha eliminado un segundo factor de su cuenta de {{brand}}: una aplicación de autenticación, unos códigos de recuperación o una llave de seguridad. Ya no protege la cuenta.',
  },
  recovered: {
    subject: 'Se ha recuperado su cuenta',
    preheader: 'Alguien, probablemente usted, ha vuelto a entrar en su cuenta de {{brand}}.',
    intro_link:
      'Alguien, probablemente usted, ha vuelto a entrar en su cuenta de {{brand}} con un enlace de recuperación.',
    intro_code:
      'Alguien, probablemente usted, ha vuelto a entrar en su cuenta de {{brand}} con un código de recuperación.',
  },
  recovery_unfinished: {
    subject: 'Una recuperación de su cuenta no se completó',
    preheader: 'Alguien, probablemente usted, empezó a recuperar su cuenta de {{brand}}.',
    intro:
      'Alguien, probablemente usted, empezó a recuperar su cuenta de {{brand}}, pero no terminó. Puede iniciar sesión como antes. Se ha cerrado la sesión en los demás dispositivos.',
    intro_contained:
      'Alguien, probablemente usted, empezó a recuperar su cuenta de {{brand}}, pero no terminó. La cuenta sigue bloqueada: nadie puede iniciar sesión hasta que se recupere.',
    again: 'Si todavía quiere recuperar su cuenta, empiece de nuevo.',
    locked: 'Para volver a entrar, pida otro enlace de recuperación: {{support}}',
    locked_unnamed:
      'Para volver a entrar, pida otro enlace de recuperación a quienes gestionan su cuenta de {{brand}}.',
  },
  address_changed: {
    subject: 'Se han cambiado las direcciones de su cuenta',
    preheader: 'Se han cambiado las direcciones de su cuenta de {{brand}}.',
    intro:
      'Se han cambiado las direcciones de correo o los números de teléfono de su cuenta de {{brand}}. Recibe este mensaje en una dirección que la cuenta tenía antes.',
  },
  address_changed_undo: {
    subject: 'Las direcciones de su cuenta han cambiado',
    preheader: 'Si no lo esperaba, puede deshacer el cambio.',
    intro:
      'Las direcciones de correo de su cuenta de {{brand}} han cambiado. Recibe este mensaje en una dirección que la cuenta tenía antes. Seguirá funcionando durante un tiempo.',
    lead: 'Si no quiere este cambio, deshágalo:',
    action: 'Deshacer el cambio',
  },
  notice_digest: {
    subject: 'Su cuenta ha cambiado muchas veces',
    preheader: 'Su cuenta de {{brand}} ha cambiado muchas veces.',
    intro: 'Su cuenta de {{brand}} ha cambiado en una hora más veces que mensajes enviamos. Además ha ocurrido esto:',
    recovered: 'Recuperaciones',
    recovery_unfinished: 'Recuperaciones sin completar',
    password_changed: 'Contraseña cambiada',
    password_removed: 'Contraseña eliminada',
    second_factor_removed: 'Segundo factor eliminado',
    address_changed: 'Direcciones cambiadas',
    social_connected: 'Acceso conectado',
    social_disconnected: 'Acceso desconectado',
    last: 'Última vez',
  },
  social_connected: {
    subject: 'Se ha conectado el acceso con {{provider}}',
    preheader: 'Ahora se puede entrar en su cuenta de {{brand}} con {{provider}}.',
    intro:
      'Se ha conectado el acceso con {{provider}} a su cuenta de {{brand}}. Ahora también se puede entrar en ella con {{provider}}.',
  },
  social_disconnected: {
    subject: 'Se ha desconectado el acceso con {{provider}}',
    preheader: 'Ya no se puede entrar en su cuenta de {{brand}} con {{provider}}.',
    intro:
      'Se ha desconectado el acceso con {{provider}} de su cuenta de {{brand}}. Ya no se puede entrar en ella con {{provider}}.',
  },
};
