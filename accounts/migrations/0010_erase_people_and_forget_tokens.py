from django.db import migrations


def forget_tokens(apps, schema_editor):
    """Blank the texts of tokens that were given out; their jti is all that is looked up."""
    tokens = apps.get_model("token_blacklist", "OutstandingToken").objects
    tokens.using(schema_editor.connection.alias).exclude(token="").update(token="")


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_remember_signing_out'),
        ('token_blacklist', '0013_alter_blacklistedtoken_options_and_more'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='user',
            options={'ordering': ['email'], 'permissions': [('erase_user', 'Can erase a person with everything they said')]},
        ),
        migrations.RunPython(forget_tokens, migrations.RunPython.noop),
    ]
