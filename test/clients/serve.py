"""A Python client of Bedrock as its user has it, with no setting but the environment's. Reads what to ask as JSON, a list of calls
{kind, stream, request, modelId, baseModelId}; prints a line of JSON for each: what was answered, or the error that the user sees."""

import json
import sys


def boto3_client():
    import boto3

    client = boto3.client("bedrock-runtime")

    def ask(call):
        request = {"modelId": call["modelId"], **call["request"]}
        if call["stream"]:
            return list(client.converse_stream(**request)["stream"])
        answer = client.converse(**request)
        del answer["ResponseMetadata"]
        return answer

    return ask


def anthropic_client():
    from anthropic import AnthropicBedrock

    client = AnthropicBedrock()

    def ask(call):
        request = {"model": call["modelId"], **call["request"]}
        if call["stream"]:
            with client.messages.stream(**request) as stream:
                return stream.get_final_message().to_dict()
        return client.messages.create(**request).to_dict()

    return ask


def langchain_client():
    from langchain_aws import ChatBedrockConverse

    def ask(call):
        request = call["request"]
        thinking = request.get("additionalModelRequestFields")
        model = ChatBedrockConverse(
            model=call["modelId"],
            # It cannot tell them from a profile, and would ask AWS itself, past the server.
            base_model=call["baseModelId"],
            provider="amazon",
            max_tokens=request["inferenceConfig"]["maxTokens"],
            **({"additional_model_request_fields": thinking} if thinking else {}),
        )
        bound = model.bind(toolConfig=request["toolConfig"]) if "toolConfig" in request else model
        messages = [("system", request["system"])] if "system" in request else []
        messages.append(("human", request["messages"][0]["content"]))
        if call["stream"]:
            whole = None
            for chunk in bound.stream(messages):
                whole = chunk if whole is None else whole + chunk
            answer = whole
        else:
            answer = bound.invoke(messages)
        return {
            "content": answer.content,
            "tools": answer.tool_calls,
            "usage": answer.usage_metadata,
        }

    return ask


CLIENTS = {"boto3": boto3_client, "anthropic": anthropic_client, "langchain": langchain_client}

ask = CLIENTS[sys.argv[1]]()
for call in json.load(sys.stdin):
    try:
        print(json.dumps({"answer": ask(call)}), flush=True)
    except Exception as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}), flush=True)
