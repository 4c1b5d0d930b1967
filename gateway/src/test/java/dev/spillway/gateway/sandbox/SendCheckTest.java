// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In the tables, {@code '} stands for a double quote and {@code N*x} in angle brackets for N times x. */
class SendCheckTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        a text                  | {'text':'hello'}
        1999 characters         | {'text':'<1999*x>'}
        as many beyond 16 bits  | {'text':'<1999*😀>'}
        metadata                | {'text':'x','metadata':'<999*m>'}
        13 quick replies        | {'text':'x','quick_replies':[<12*{'content_type':'text','title':'t','payload':'p'},>{'content_type':'user_email'}]}
        long title and payload  | {'text':'x','quick_replies':[{'content_type':'text','title':'<20*é>','payload':'<1000*p>'}]}
        an image                | {'attachment':{'type':'image','payload':{'url':'https://ex.test/i.png'}}}
        an image by id          | {'attachment':{'type':'image','payload':{'attachment_id':'1'}}}
        30 images               | {'attachments':[<29*{'type':'image','payload':{'url':'https://e.test/i'}},>{'type':'image','payload':{'url':'https://e.test/i'}}]}
        a sticker               | {'sticker_id':369239263222822}
        a button template       | {'attachment':{'type':'template','payload':{'template_type':'button','text':'<640*x>','buttons':[{'type':'postback','title':'t','payload':'p'},{'type':'web_url','title':'t','url':'https://ex.test'},{'type':'account_unlink'}]}}}
        a generic template      | {'attachment':{'type':'template','payload':{'template_type':'generic','elements':[<9*{'title':'t','subtitle':'s'},>{'title':'<80*t>','image_url':'https://ex.test'}]}}}
        a media template        | {'attachment':{'type':'template','payload':{'template_type':'media','elements':[{}]}}}
        """)
    void a_message_within_the_limits_is_taken(String what, String message) {
        assertThat(check("'recipient':{'id':'7001'},'messaging_type':'RESPONSE','message':" + message))
                .as(what)
                .isInstanceOf(Checked.Message.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        nothing in it           | {}
        not an object           | 'hello'
        no text                 | {'text':''}
        text that is a number   | {'text':7}
        2000 characters         | {'text':'<2000*x>'}
        text and attachment     | {'text':'x','attachment':{'type':'image','payload':{'url':'https://e.test'}}}
        metadata of 1000        | {'text':'x','metadata':'<1000*m>'}
        no quick replies        | {'text':'x','quick_replies':[]}
        14 quick replies        | {'text':'x','quick_replies':[<13*{'content_type':'text','title':'t','payload':'p'},>{'content_type':'text','title':'t','payload':'p'}]}
        title of 21             | {'text':'x','quick_replies':[{'content_type':'text','title':'<21*t>','payload':'p'}]}
        no title                | {'text':'x','quick_replies':[{'content_type':'text','payload':'p'}]}
        payload of 1001         | {'text':'x','quick_replies':[{'content_type':'text','title':'t','payload':'<1001*p>'}]}
        no payload              | {'text':'x','quick_replies':[{'content_type':'text','title':'t'}]}
        location quick reply    | {'text':'x','quick_replies':[{'content_type':'location'}]}
        attachment of no type   | {'attachment':{'payload':{'url':'https://e.test'}}}
        attachment without url  | {'attachment':{'type':'image','payload':{}}}
        attachment of a file    | {'attachment':{'type':'image','payload':{'url':'file:///etc'}}}
        31 images               | {'attachments':[<30*{'type':'image','payload':{'url':'https://e.test/i'}},>{'type':'image','payload':{'url':'https://e.test/i'}}]}
        a list template         | {'attachment':{'type':'template','payload':{'template_type':'list'}}}
        button text of 641      | {'attachment':{'type':'template','payload':{'template_type':'button','text':'<641*x>','buttons':[{'type':'account_unlink'}]}}}
        no buttons              | {'attachment':{'type':'template','payload':{'template_type':'button','text':'x','buttons':[]}}}
        4 buttons               | {'attachment':{'type':'template','payload':{'template_type':'button','text':'x','buttons':[<3*{'type':'account_unlink'},>{'type':'account_unlink'}]}}}
        button title of 21      | {'attachment':{'type':'template','payload':{'template_type':'button','text':'x','buttons':[{'type':'postback','title':'<21*t>','payload':'p'}]}}}
        button without payload  | {'attachment':{'type':'template','payload':{'template_type':'button','text':'x','buttons':[{'type':'postback','title':'t'}]}}}
        link to a script        | {'attachment':{'type':'template','payload':{'template_type':'button','text':'x','buttons':[{'type':'web_url','title':'t','url':'javascript:1'}]}}}
        a share button          | {'attachment':{'type':'template','payload':{'template_type':'button','text':'x','buttons':[{'type':'element_share'}]}}}
        11 elements             | {'attachment':{'type':'template','payload':{'template_type':'generic','elements':[<10*{'title':'t','subtitle':'s'},>{'title':'t','subtitle':'s'}]}}}
        element title of 81     | {'attachment':{'type':'template','payload':{'template_type':'generic','elements':[{'title':'<81*t>','subtitle':'s'}]}}}
        element subtitle of 81  | {'attachment':{'type':'template','payload':{'template_type':'generic','elements':[{'title':'t','subtitle':'<81*s>'}]}}}
        element of a title only | {'attachment':{'type':'template','payload':{'template_type':'generic','elements':[{'title':'t'}]}}}
        """)
    void a_message_beyond_a_limit_is_refused_with_100(String what, String message) {
        assertThat(check("'recipient':{'id':'7001'},'messaging_type':'RESPONSE','message':" + message))
                .as(what)
                .isInstanceOfSatisfying(
                        Checked.Refused.class,
                        refused -> assertThat(refused.error().code()).isEqualTo(100));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        no recipient            | 0       | 'messaging_type':'RESPONSE','message':{'text':'x'}
        recipient without a way | 0       | 'recipient':{},'messaging_type':'RESPONSE','message':{'text':'x'}
        two ways to name one    | 0       | 'recipient':{'id':'1','user_ref':'2'},'messaging_type':'RESPONSE','message':{'text':'x'}
        an odd id               | 2018001 | 'recipient':{'id':'no such/id'},'messaging_type':'RESPONSE','message':{'text':'x'}
        no messaging_type       | 0       | 'recipient':{'id':'1'},'message':{'text':'x'}
        odd messaging_type      | 0       | 'recipient':{'id':'1'},'messaging_type':'NEWS','message':{'text':'x'}
        tag missing             | 0       | 'recipient':{'id':'1'},'messaging_type':'MESSAGE_TAG','message':{'text':'x'}
        dead tag                | 0       | 'recipient':{'id':'1'},'messaging_type':'MESSAGE_TAG','tag':'ACCOUNT_UPDATE','message':{'text':'x'}
        odd notification        | 0       | 'recipient':{'id':'1'},'messaging_type':'UPDATE','notification_type':'LOUD','message':{'text':'x'}
        nothing to send         | 0       | 'recipient':{'id':'1'},'messaging_type':'RESPONSE'
        message and action      | 2018014 | 'recipient':{'id':'1'},'messaging_type':'RESPONSE','message':{'text':'x'},'sender_action':'typing_on'
        unknown action          | 0       | 'recipient':{'id':'1'},'sender_action':'dance'
        reaction to nothing     | 0       | 'recipient':{'id':'1'},'sender_action':'react'
        """)
    void a_send_that_breaks_a_rule_is_refused_with_100(String what, int subcode, String body) {
        assertThat(check(body)).as(what).isInstanceOfSatisfying(Checked.Refused.class, refused -> {
            assertThat(refused.error().code()).isEqualTo(100);
            assertThat(refused.error().subcode()).isEqualTo(subcode);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        id:7001         | 'recipient':{'id':'7001'},'messaging_type':'UPDATE','message':{'text':'x'}
        id:7001         | 'recipient':{'id':7001},'messaging_type':'UPDATE','message':{'text':'x'}
        comment_id:9_8  | 'recipient':{'comment_id':'9_8'},'messaging_type':'RESPONSE','message':{'text':'x'}
        id:7001         | 'recipient':{'id':'7001'},'messaging_type':'MESSAGE_TAG','tag':'HUMAN_AGENT','message':{'text':'x'}
        """)
    void the_recipient_may_be_named_in_each_of_the_platforms_ways(String recipient, String body) {
        assertThat(check(body)).isInstanceOfSatisfying(Checked.Message.class, message -> assertThat(
                        message.recipient().by() + ":" + message.recipient().value())
                .isEqualTo(recipient));
    }

    @ParameterizedTest
    @CsvSource({"typing_on", "typing_off", "mark_seen"})
    void a_sender_action_needs_no_messaging_type(String action) {
        assertThat(check("'recipient':{'id':'1'},'sender_action':'" + action + "'"))
                .isInstanceOf(Checked.Action.class);
    }

    @Test
    void a_refusal_has_the_platforms_shape() {
        var json = new String(GraphError.parameter(2018014, "No").json("Atrace"), StandardCharsets.UTF_8);

        assertThat(json)
                .isEqualTo("{\"error\":{\"message\":\"(#100) No\",\"type\":\"OAuthException\",\"code\":100,"
                        + "\"error_subcode\":2018014,\"fbtrace_id\":\"Atrace\"}}");
    }

    @Property
    void checking_never_throws(@ForAll String body, @ForAll byte[] bytes) {
        assertThat(SendCheck.check(Json.readOrMissing(body.getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(Checked.Refused.class);
        assertThat(SendCheck.check(Json.readOrMissing(bytes))).isNotNull();
    }

    private static Checked check(String body) {
        var many = Pattern.compile("<(\\d+)\\*([^>]*)>");
        var json = many.matcher("{" + body.replace('\'', '"') + "}")
                .replaceAll(found -> found.group(2).repeat(Integer.parseInt(found.group(1))));
        return SendCheck.check(Json.readOrMissing(json.getBytes(StandardCharsets.UTF_8)));
    }
}
